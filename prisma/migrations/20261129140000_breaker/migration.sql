-- CreateTable
CREATE TABLE "canary_order" (
    "tenant_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "crm_id" BIGINT NOT NULL,
    "content" BYTEA NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "canary_order_pkey" PRIMARY KEY ("tenant_id","object","crm_id")
);

-- CreateTable
CREATE TABLE "write_limit" (
    "tenant_id" TEXT NOT NULL,
    "window_minutes" INTEGER NOT NULL,
    "changed" INTEGER NOT NULL,
    "changed_share" DOUBLE PRECISION NOT NULL,
    "cleared" INTEGER NOT NULL,
    "cleared_share" DOUBLE PRECISION NOT NULL,
    "created" INTEGER NOT NULL,
    "created_share" DOUBLE PRECISION NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "write_limit_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "breaker" (
    "tenant_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "tripped_at" TIMESTAMPTZ(3),
    "kind" TEXT,
    "counted" INTEGER,
    "most" INTEGER,
    "resumed_at" TIMESTAMPTZ(3),
    "resumed_by" TEXT,
    "open_until" TIMESTAMPTZ(3),
    "linked" INTEGER,
    "linked_at" TIMESTAMPTZ(3),

    CONSTRAINT "breaker_pkey" PRIMARY KEY ("tenant_id","direction")
);

-- CreateTable
CREATE TABLE "counted_write" (
    "tenant_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "record" TEXT NOT NULL,
    "lane_id" BIGINT NOT NULL,
    "fields" TEXT[],
    "allowed" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "counted_write_pkey" PRIMARY KEY ("tenant_id","direction","kind","record")
);

-- CreateTable
CREATE TABLE "held_write" (
    "tenant_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "record" TEXT NOT NULL,
    "fields" TEXT[],
    "content" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "held_write_pkey" PRIMARY KEY ("tenant_id","direction","record")
);

-- CreateIndex
CREATE INDEX "counted_write_tenant_id_direction_kind_at_idx" ON "counted_write"("tenant_id", "direction", "kind", "at");

-- CreateIndex
CREATE INDEX "counted_write_lane_id_idx" ON "counted_write"("lane_id");

-- CreateIndex
CREATE INDEX "counted_write_at_idx" ON "counted_write" USING BRIN ("at");

-- A direction whose writes were too many is rung for again when a person says so.
create or replace function may_ring(p_tenant text, p_direction text)
returns boolean language sql stable as $$
  select exists (select 1 from tenant where id = p_tenant and paused_at is null)
    and not exists (select 1 from breaker where tenant_id = p_tenant and direction = p_direction and tripped_at is not null)
    and (exists (select 1 from mapping_revision where tenant_id = p_tenant and state = 'live')
      or exists (select 1 from roll_out where tenant_id = p_tenant and state in ('running', 'paused')))
    and (select count(distinct side) = 2 from connection where tenant_id = p_tenant and state = 'active'
      and (side <> case p_direction when 'inbound' then 'program' else 'pipedrive' end
        or parked_until is null or parked_until <= now()));
$$;

-- The breaker has tripped: what happened, and what a person does about it, are written down in the transaction that
-- refuses the write. Names only: values are for those who may see them.
create function trip_breaker(p_tenant text, p_direction text, p_kind text, p_counted int, p_most int, p_minutes int, p_held text[])
returns void language plpgsql as $$
declare v_side text := case p_direction when 'inbound' then 'the partner program' else 'Pipedrive' end; v_sample text;
begin
  insert into breaker (tenant_id, direction, tripped_at, kind, counted, most)
    values (p_tenant, p_direction, clock_timestamp(), p_kind, p_counted, p_most)
    on conflict (tenant_id, direction) do update set tripped_at = excluded.tripped_at, kind = excluded.kind,
      counted = excluded.counted, most = excluded.most;
  delete from held_write where tenant_id = p_tenant and direction = p_direction;
  select string_agg(s.name, ', ') into v_sample from (
    select h as name from unnest(p_held) h
    union all (select c.record || coalesce(' (' || nullif(array_to_string(c.fields, ', '), '') || ')', '') from counted_write c
      where c.tenant_id = p_tenant and c.direction = p_direction and c.kind = p_kind order by c.at desc limit 5)
    limit 5) s;
  insert into finding (tenant_id, code, severity, subject, message)
    values (p_tenant, 'TOO_MANY_WRITES', 'error', 'writes to ' || v_side, format(
      '%s: nothing is written to %s any more, and nothing is lost: more than %s records would be %s within %s minutes. Among them: %s. Find out why: partnersync limits show %s tells more. To let what waits go on: partnersync limits resume %s',
      p_tenant, v_side, p_most, p_kind, p_minutes, v_sample, p_tenant, p_tenant))
    on conflict (tenant_id, code, subject) where closed_at is null
    do update set last_at = now(), count = finding.count + 1, message = excluded.message;
end $$;

-- Writes intents down, each under its lane's claim, unless the tenant's limits are reached. `p_asks` names what is
-- counted: ordinal, lane, epoch, direction, record, kinds, fields. Answers per ordinal: open, held (the breaker has
-- tripped, now or before), near (so close to a limit that it has to be asked again alone), lost (the claim is gone).
--
-- Far from every limit many transactions count beside each other: each leaves room for what the others have under way,
-- which the places for doorbells bound. Near a limit one counts at a time, after all others have committed.
create function open_intents(p_intents jsonb, p_asks jsonb, p_defaults jsonb, p_exact boolean)
returns table (nth int, outcome text, id bigint, deadline timestamptz) language plpgsql as $$
#variable_conflict use_column
declare g record; w write_limit%rowtype; b breaker%rowtype; k text; v_since timestamptz; v_count int; v_most int; v_share float;
  v_spare constant int := 32; v_lock bigint; v_allowed int[]; v_follow int[]; v_new int[]; v_over int[];
  v_held int[] := '{}'; v_near int[] := '{}';
begin
  for g in
    select l.tenant_id, a.direction, array_agg(a.ordinal order by a.ordinal) as asks
    from jsonb_to_recordset(p_asks) a (ordinal int, lane bigint, epoch bigint, direction text)
    join lane l on l.id = a.lane and l.epoch = a.epoch group by 1, 2 order by 1, 2
  loop
    v_lock := hashtextextended('writes ' || g.tenant_id || ' ' || g.direction, 0);
    if p_exact then perform pg_advisory_xact_lock(v_lock); else perform pg_advisory_xact_lock_shared(v_lock); end if;
    select * into b from breaker where tenant_id = g.tenant_id and direction = g.direction;
    if b.tripped_at is not null then v_held := v_held || g.asks; continue; end if;
    select * into w from write_limit where tenant_id = g.tenant_id;
    if not found then w := jsonb_populate_record(null::write_limit, p_defaults); end if;
    v_since := clock_timestamp() - make_interval(mins => w.window_minutes);
    -- What a person let go on, with all that it leads to; and what follows from a record's creation, which was counted.
    select coalesce(array_agg(a.ordinal) filter (where b.open_until > clock_timestamp()
          or least(l.due_inbound, l.due_outbound) <= b.resumed_at
          or exists (select 1 from counted_write c where c.lane_id = a.lane and c.allowed and c.at > v_since)), '{}'),
        coalesce(array_agg(a.ordinal) filter (where not 'created' = any (a.kinds)
          and exists (select 1 from counted_write c where c.lane_id = a.lane and c.kind = 'created' and c.at > v_since)), '{}')
      into v_allowed, v_follow
      from jsonb_to_recordset(p_asks) a (ordinal int, lane bigint, kinds text[]) join lane l on l.id = a.lane
      where a.ordinal = any (g.asks);
    v_over := '{}';
    for k in select distinct unnest(a.kinds) from jsonb_to_recordset(p_asks) a (ordinal int, kinds text[])
        where a.ordinal = any (g.asks) order by 1 loop
      select array_agg(a.ordinal order by a.ordinal) into v_new
        from jsonb_to_recordset(p_asks) a (ordinal int, record text, kinds text[])
        where a.ordinal = any (g.asks) and not a.ordinal = any (v_allowed || v_follow || v_over) and k = any (a.kinds)
          and not exists (select 1 from counted_write c where c.tenant_id = g.tenant_id and c.direction = g.direction
            and c.kind = k and c.record = a.record and c.at > greatest(v_since, b.resumed_at));
      continue when v_new is null;
      v_most := case k when 'changed' then w.changed when 'cleared' then w.cleared else w.created end;
      v_share := case k when 'changed' then w.changed_share when 'cleared' then w.cleared_share else w.created_share end;
      if p_exact and v_share > 0 and coalesce(b.linked_at < clock_timestamp() - interval '1 minute', true) then
        select count(*) into b.linked from (
          select distinct object, crm_id from link where tenant_id = g.tenant_id and state = 'active') r;
        b.linked_at := clock_timestamp();
        insert into breaker (tenant_id, direction, linked, linked_at) values (g.tenant_id, g.direction, b.linked, b.linked_at)
          on conflict (tenant_id, direction) do update set linked = excluded.linked, linked_at = excluded.linked_at;
      end if;
      if b.linked_at > clock_timestamp() - interval '10 minutes' then
        v_most := greatest(v_most, ceil(b.linked * v_share / 100)::int);
      end if;
      select count(*) into v_count from (
        select 1 from counted_write c where c.tenant_id = g.tenant_id and c.direction = g.direction and c.kind = k
          and c.at > greatest(v_since, b.resumed_at) and not c.allowed limit v_most + 1) r;
      continue when v_count + cardinality(v_new) + case when p_exact then 0 else v_spare end <= v_most;
      if not p_exact then v_near := v_near || g.asks; exit; end if;
      -- Of the same batch everything from the first that is too much on is held: the direction is paused from there on.
      v_over := v_over || v_new[greatest(v_most - v_count, 0) + 1:];
      v_over := array(select o from unnest(g.asks) o where o >= (select min(x) from unnest(v_over) x));
      perform trip_breaker(g.tenant_id, g.direction, k, greatest(v_count, v_most), v_most, w.window_minutes, array(
        select a.record || coalesce(' (' || nullif(array_to_string(a.fields, ', '), '') || ')', '')
        from jsonb_to_recordset(p_asks) a (ordinal int, record text, fields text[])
        where a.ordinal = any (v_over) order by a.ordinal limit 3));
    end loop;
    v_held := v_held || v_over;
    -- Only what was written within the last minute is not written down again: that would be a write for every write.
    insert into counted_write as c (tenant_id, direction, kind, record, lane_id, fields, allowed, at)
      select g.tenant_id, g.direction, kind, a.record, a.lane, a.fields, a.ordinal = any (v_allowed), clock_timestamp()
      from jsonb_to_recordset(p_asks) a (ordinal int, lane bigint, record text, kinds text[], fields text[]),
        unnest(a.kinds) kind
      where a.ordinal = any (g.asks) and not a.ordinal = any (v_held || v_near)
        and (a.ordinal = any (v_allowed) or not a.ordinal = any (v_follow))
      order by 3, 4
      on conflict (tenant_id, direction, kind, record) do update set at = excluded.at, lane_id = excluded.lane_id,
        fields = excluded.fields, allowed = excluded.allowed
        where c.at < clock_timestamp() - interval '1 minute' or c.lane_id <> excluded.lane_id
          or c.at <= b.resumed_at or c.allowed <> excluded.allowed;
  end loop;
  return query
    with asked as materialized (
      select n.*, l.tenant_id as tenant from jsonb_to_recordset(p_intents) n (ordinal int, lane bigint, epoch bigint, type text,
        direction text, role text, object text, crm_id bigint, program_id text, key text, body text, revision int,
        timeout_ms int, needs_ms int)
      left join lane l on l.id = n.lane and l.epoch = n.epoch
        and l.lease_until > clock_timestamp() + n.needs_ms * interval '1 millisecond'),
    opened as (
      insert into intent as i (tenant_id, lane_id, type, direction, role, object, crm_id, program_id, key, body, revision, deadline)
      select n.tenant, n.lane, n.type, n.direction, n.role, n.object, n.crm_id, n.program_id, n.key,
             decode(n.body, 'base64'), n.revision, clock_timestamp() + n.timeout_ms * interval '1 millisecond'
      from asked n where n.tenant is not null and not n.ordinal = any (v_held || v_near)
      returning i.id, i.lane_id, i.key, i.deadline)
    select n.ordinal, case when n.ordinal = any (v_held) then 'held' when n.ordinal = any (v_near) then 'near'
        when o.id is null then 'lost' else 'open' end, o.id, o.deadline
    from asked n left join opened o on o.lane_id = n.lane and o.key = n.key;
end $$;
