-- What a job needs at the very least, as far as that is known before it begins: workers that give less leave it to others.
alter table jobs add column memory_mb integer;
