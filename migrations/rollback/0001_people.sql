-- Takes back 0001_people.sql, with everything in it.
DROP TABLE transfers;
DROP TABLE pairings;
DROP TABLE devices;
DROP TABLE spent_secrets;
DROP TABLE sessions;
DROP TABLE logins;
DROP TABLE identities;
DROP TABLE users;
