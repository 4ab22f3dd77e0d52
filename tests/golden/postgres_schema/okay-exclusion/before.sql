CREATE TABLE app.stays (room int, days daterange);
