-- add attribute country to composite type address
ALTER TYPE "app"."address" ADD ATTRIBUTE "country" character(2);

