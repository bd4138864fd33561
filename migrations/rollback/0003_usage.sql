-- Takes back 0003_usage.sql, with everything in it.
DROP TABLE usage_dead;
DROP TABLE usage_counted;
DROP TABLE usage_days;
DROP TABLE usage_events;
