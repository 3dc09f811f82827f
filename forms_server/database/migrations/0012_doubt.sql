-- Why a response was kept apart, as long as it is: `trap`, `forged` or `at-once`.
ALTER TABLE responses ADD COLUMN doubt text;
