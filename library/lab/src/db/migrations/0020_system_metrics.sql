-- What a run's process and machine did, the split `system`, is no metric of its model: lists do not filter by it, and tables have no columns of it.
-- What MLflow calls system/… came in as metrics of the training.

update run_metrics m set split = 'system', name = substr(m.name, length('system/') + 1)
  from run_values v
  where v.kind = 'metric' and v.name like 'train.system/_%' and m.run_id = v.run_id and m.split = 'train' and m.name = substr(v.name, length('train.') + 1);

update runs r set metrics = coalesce((
    select jsonb_object_agg(key, value) from jsonb_each(r.metrics) where key not like 'system.%' and key not like 'train.system/_%'), '{}')
  where exists (
    select 1 from run_values v where v.run_id = r.id and v.kind = 'metric' and (v.split = 'system' or v.name like 'train.system/_%'));

delete from run_stretches where split = 'system' or (split = 'train' and name like 'system/_%');
delete from run_values where kind = 'metric' and (split = 'system' or name like 'train.system/_%');
