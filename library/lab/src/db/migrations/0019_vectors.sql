-- Recommenders' vectors that are near to one: by pgvector where the server has it, else over the arrays; the same answers.
do $$
begin
  if exists (select from pg_available_extensions where name = 'vector') then
    create extension if not exists vector;
  end if;
exception when others then
  raise notice 'pgvector is there and was not taken: %', sqlerrm; -- whoever may do so takes it by "create extension vector"
end $$;

-- The `most` vectors of a recommender of greatest cosine with `wanted`, of equals those whose name sorts first. pgvector, which reckons in single
-- precision, gives a few more than are wanted; the order is that of the exact cosines. O(vectors · dimensions).
create function nearest_vectors(of uuid, side text, wanted real[], most integer, leave_out text default null)
returns table (entity text, score double precision) language plpgsql stable as $$
declare
  space text := (select quote_ident(n.nspname) from pg_extension x join pg_namespace n on n.oid = x.extnamespace where x.extname = 'vector');
  own double precision := (select sqrt(sum(each::float8 * each::float8)) from unnest(wanted) as each);
  product text;
  squares text;
  among text := 'select e.entity, e.vector from embeddings e where e.recommender_id = $1 and e.kind = $2 and e.entity is distinct from $5';
begin
  select string_agg(format('c.vector[%s]::float8 * %s::float8', place, quote_literal(value::float8)), ' + ' order by place),
      string_agg(format('c.vector[%1$s]::float8 * c.vector[%1$s]::float8', place), ' + ' order by place)
    into product, squares from unnest(wanted) with ordinality as t (value, place);
  if space is not null then
    among := among || format(' order by e.vector::%1$s.vector operator(%1$s.<=>) $3::%1$s.vector limit $4 + 32', space);
  end if;
  return query execute format(
    'select entity, score from (select c.entity, coalesce((%s) / nullif(sqrt(%s) * $6, 0), 0) as score from (%s) c) s
      order by score desc, entity collate "C" limit $4', product, squares, among)
    using of, side, wanted, most, leave_out, own;
end $$;

select net_tables();
