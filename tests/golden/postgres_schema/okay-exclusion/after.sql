CREATE TABLE app.stays (room int, days daterange, EXCLUDE USING gist (days WITH &&) WHERE (room > 0));
