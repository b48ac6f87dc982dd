-- The lane table's verbs. Each is one short transaction when called alone, and each takes lane rows in id order, so
-- that batches of several processes cannot deadlock. Times are the database's.

-- The lane of a record or an aggregate, made if it does not exist. A known program identity wins: linking may have
-- given the aggregate's lane a Pipedrive id since.
create function lane_for(p_tenant text, p_object text, p_crm_id bigint, p_kind text, p_program_id text)
returns bigint language plpgsql as $$
declare v_lane bigint;
begin
  for i in 1..3 loop
    if p_program_id is not null then
      select id into v_lane from lane where tenant_id = p_tenant and kind = p_kind and program_id = p_program_id;
      if found then return v_lane; end if;
    end if;
    if p_crm_id is not null then
      select id into v_lane from lane where tenant_id = p_tenant and object = p_object and crm_id = p_crm_id;
      if found then return v_lane; end if;
      insert into lane (tenant_id, object, crm_id) values (p_tenant, p_object, p_crm_id)
        on conflict do nothing returning id into v_lane;
    else
      insert into lane (tenant_id, kind, program_id) values (p_tenant, p_kind, p_program_id)
        on conflict do nothing returning id into v_lane;
    end if;
    if v_lane is not null then return v_lane; end if;
  end loop;
  raise exception 'lane of % % % % cannot be found or made', p_tenant, p_object, p_crm_id, p_program_id;
end $$;

-- Accept durably: the row, its lane, due. Null when this delivery had been accepted before. A webhook makes the
-- inbound direction due, an event the outbound one; whichever runs folds all rows.
create function accept_delivery(
  p_tenant text, p_connection uuid, p_source text, p_key text, p_payload bytea,
  p_object text, p_crm_id bigint, p_kind text, p_program_id text, p_class smallint)
returns bigint language plpgsql as $$
declare v_inbox bigint; v_lane bigint;
begin
  insert into inbox (tenant_id, connection_id, source, delivery_key, payload)
    values (p_tenant, p_connection, p_source, p_key, p_payload)
    on conflict (connection_id, delivery_key) do nothing returning id into v_inbox;
  if v_inbox is null then return null; end if;
  for i in 1..3 loop
    v_lane := lane_for(p_tenant, p_object, p_crm_id, p_kind, p_program_id);
    update lane set rang = rang + 1, attempts = 0, stopped_at = null, class = least(class, p_class),
        due_inbound = case when p_source = 'pipedrive' then least(due_inbound, now()) else due_inbound end,
        due_outbound = case when p_source = 'program' then least(due_outbound, now()) else due_outbound end
      where id = v_lane;
    exit when found; -- else it was absorbed by another lane between the two statements
  end loop;
  insert into inbox_lane (inbox_id, lane_id, tenant_id) values (v_inbox, v_lane, p_tenant);
  return v_lane;
end $$;

-- The one place that hands out work: due lanes of one tenant and direction, live before backfill before reconcile,
-- oldest first, never more than p_slots doorbells at once, none while the tenant or the receiving side waits.
create function next_lanes(p_tenant text, p_direction text, p_slots int)
returns table (lane_id bigint, object text, crm_id bigint, kind text, program_id text) language plpgsql as $$
declare v_free int; v_side text := case p_direction when 'inbound' then 'program' else 'pipedrive' end;
begin
  -- Two callers at once would each count the same free slots.
  perform pg_advisory_xact_lock(hashtextextended('next ' || p_tenant || ' ' || p_direction, 0));
  -- A run needs a mapping and both sides; only the side that is written to has a budget to wait for.
  perform 1 from tenant t where t.id = p_tenant and t.paused_at is null
    and exists (select 1 from mapping_revision m where m.tenant_id = t.id and m.state = 'live')
    and exists (select 1 from connection c where c.tenant_id = t.id and c.side <> v_side and c.state = 'active')
    and exists (select 1 from connection c where c.tenant_id = t.id and c.side = v_side and c.state = 'active'
      and (c.parked_until is null or c.parked_until <= now()));
  if not found then return; end if;
  if p_direction = 'inbound' then
    select p_slots - count(*) into v_free from lane l where l.tenant_id = p_tenant and l.rung_inbound is not null;
    return query update lane l set rung_inbound = now() where l.id in (
        select i.id from lane i where i.tenant_id = p_tenant and i.due_inbound <= now() and i.rung_inbound is null
          and (i.lease_until is null or i.lease_until <= now())
        order by i.class, i.due_inbound limit greatest(v_free, 0) for update skip locked)
      returning l.id, l.object, l.crm_id, l.kind, l.program_id;
  else
    select p_slots - count(*) into v_free from lane l where l.tenant_id = p_tenant and l.rung_outbound is not null;
    return query update lane l set rung_outbound = now() where l.id in (
        select i.id from lane i where i.tenant_id = p_tenant and i.due_outbound <= now() and i.rung_outbound is null
          and (i.lease_until is null or i.lease_until <= now())
        order by i.class, i.due_outbound limit greatest(v_free, 0) for update skip locked)
      returning l.id, l.object, l.crm_id, l.kind, l.program_id;
  end if;
end $$;

-- A claim is a lease on database time that nobody can take before it expires, with an epoch that every later write
-- carries. It leaves the lane due, so that a worker that dies is found by the sweep.
create function claim_lanes(p_ids bigint[], p_directions text[], p_lease interval)
returns setof lane language plpgsql as $$
begin
  perform 1 from lane where id = any (p_ids) order by id for update;
  return query update lane l set epoch = l.epoch + 1, lease_until = clock_timestamp() + p_lease,
      due_inbound = case when r.direction = 'inbound' then least(l.due_inbound, now()) else l.due_inbound end,
      due_outbound = case when r.direction = 'outbound' then least(l.due_outbound, now()) else l.due_outbound end
    from unnest(p_ids, p_directions) r (id, direction)
    where l.id = r.id and (l.lease_until is null or l.lease_until <= clock_timestamp())
    returning l.*;
end $$;

-- True while this claim still holds and p_needs more time fits into its lease.
create function claim_holds(p_lane bigint, p_epoch bigint, p_needs interval)
returns boolean language sql as $$
  select exists (select 1 from lane where id = p_lane and epoch = p_epoch and lease_until > clock_timestamp() + p_needs);
$$;

-- Whoever waited for this becomes due.
create function wake_waiters(p_tenant text, p_kind text, p_id text)
returns void language sql as $$
  update lane set blocked_kind = null, blocked_id = null, due_outbound = least(due_outbound, now())
    where id in (select id from lane where tenant_id = p_tenant and blocked_kind = p_kind and blocked_id = p_id
                 order by id for update);
$$;

-- What a blocked lane waits for is there already.
create function waited_for_is_there(p_tenant text, p_kind text, p_id text)
returns boolean language sql as $$
  select case when p_kind = 'reservation'
    then not exists (select 1 from reservation where tenant_id = p_tenant and encode(identity, 'hex') = p_id and crm_id is null)
    else exists (select 1 from link where tenant_id = p_tenant and kind = p_kind and program_id = p_id and state = 'active'
                 and role in ('partner', 'partner_user', 'deal')) end;
$$;

-- Settle many lanes in one transaction. Each element: lane, epoch, direction, rang, read[], seen_crm, seen_program,
-- times, due {inbound, outbound} (null, or when), blocked {kind, id}, stopped, attempts, cause, links[], intents[],
-- history[], findings[], effects[]. Answers which were still ours, and when each is due.
create function settle_lanes(p_settles jsonb)
returns table (lane_id bigint, settled boolean, due_in timestamptz, due_out timestamptz) language plpgsql as $$
declare s jsonb; x jsonb; l lane%rowtype; v_tenant text; v_blocked_kind text; v_blocked_id text; v_in timestamptz; v_out timestamptz;
begin
  for s in select value from jsonb_array_elements(p_settles) order by (value->>'lane')::bigint loop
    select * into l from lane where id = (s->>'lane')::bigint for update;
    if not found or l.epoch <> (s->>'epoch')::bigint or l.lease_until is null or l.lease_until <= clock_timestamp() then
      lane_id := (s->>'lane')::bigint; settled := false; due_in := null; due_out := null; return next; continue;
    end if;
    v_tenant := l.tenant_id;
    update inbox_lane il set read_at = now() from jsonb_array_elements_text(s->'read') r
      where il.lane_id = l.id and il.inbox_id = r.value::bigint;
    for x in select value from jsonb_array_elements(s->'links') loop
      update link set bases = decode(x->>'bases', 'base64'), base_version = (x->>'base_version')::int,
          recent = decode(x->>'recent', 'base64'),
          restored = array(select jsonb_array_elements_text(x->'restored')),
          paused_fields = array(select jsonb_array_elements_text(x->'paused_fields')), state = x->>'state'
        where id = (x->>'id')::bigint and link.tenant_id = v_tenant;
    end loop;
    update intent i set state = r.value->>'state', closed_at = now() from jsonb_array_elements(s->'intents') r
      where i.id = (r.value->>'id')::bigint and i.state = 'open';
    insert into history (tenant_id, lane_id, role, program_id, field, event, winner, rule, revision, intent_id, content, salt)
      select v_tenant, l.id, h.role, h.program_id, h.field, h.event, h.winner, h.rule, h.revision, h.intent_id,
             decode(h.content, 'base64'), decode(h.salt, 'base64')
      from jsonb_to_recordset(s->'history') h (role text, program_id text, field text, event text, winner text,
           rule text, revision int, intent_id bigint, content text, salt text);
    insert into finding (tenant_id, code, severity, lane_id, field, message, subject, detail)
      select distinct on (f.code, f.subject) v_tenant, f.code, f.severity, l.id, f.field, f.message, f.subject,
             decode(f.detail, 'base64')
      from jsonb_to_recordset(s->'findings') f (code text, severity text, field text, message text, subject text, detail text)
      on conflict (tenant_id, code, subject) where closed_at is null
      do update set last_at = now(), count = finding.count + 1, message = excluded.message;
    insert into effect (tenant_id, lane_id, kind, program_id, effect, program_version, detail)
      select v_tenant, l.id, e.kind, e.program_id, e.effect, e.program_version, decode(e.detail, 'base64')
      from jsonb_to_recordset(s->'effects') e (kind text, program_id text, effect text, program_version int, detail text)
      on conflict do nothing;
    update effect e set state = r.value->>'state' from jsonb_array_elements(s->'effects_done') r
      where e.id = (r.value->>'id')::bigint;

    v_blocked_kind := s->'blocked'->>'kind'; v_blocked_id := s->'blocked'->>'id';
    v_in := case when jsonb_typeof(s->'due'->'inbound') = 'string' then (s->'due'->>'inbound')::timestamptz end;
    v_out := case when jsonb_typeof(s->'due'->'outbound') = 'string' then (s->'due'->>'outbound')::timestamptz end;
    if v_blocked_kind is not null then
      if waited_for_is_there(v_tenant, v_blocked_kind, v_blocked_id) then
        v_out := now(); v_blocked_kind := null; v_blocked_id := null;
      end if;
    end if;
    -- Rows that came meanwhile keep what their accept made due.
    if l.rang <> (s->>'rang')::bigint then
      v_in := least(v_in, l.due_inbound); v_out := least(v_out, l.due_outbound);
    end if;
    update lane set lease_until = null, settled_at = now(), due_inbound = v_in, due_outbound = v_out,
        rung_inbound = case when s->>'direction' = 'inbound' then null else rung_inbound end,
        rung_outbound = case when s->>'direction' = 'outbound' then null else rung_outbound end,
        blocked_kind = v_blocked_kind, blocked_id = v_blocked_id, attempts = (s->>'attempts')::int,
        stopped_at = case when (s->>'stopped')::boolean then coalesce(stopped_at, now()) end, cause = s->>'cause',
        class = case when l.rang <> (s->>'rang')::bigint then class else 0 end,
        seen_crm = coalesce(decode(s->>'seen_crm', 'base64'), seen_crm),
        seen_program = coalesce(decode(s->>'seen_program', 'base64'), seen_program),
        times = coalesce(s->'times', times)
      where id = l.id;
    lane_id := l.id; settled := true; due_in := v_in; due_out := v_out; return next;
  end loop;
end $$;

-- One lane takes over another's rows and identity: linking joins the lane of a record and the lane of its aggregate.
-- False while somebody else works on the other one.
create function absorb_lane(p_into bigint, p_from bigint)
returns boolean language plpgsql as $$
declare f lane%rowtype;
begin
  perform 1 from lane where id in (p_into, p_from) order by id for update;
  select * into f from lane where id = p_from;
  if f.lease_until is not null and f.lease_until > clock_timestamp() then return false; end if;
  insert into inbox_lane (inbox_id, lane_id, tenant_id, read_at)
    select inbox_id, p_into, tenant_id, read_at from inbox_lane where lane_id = p_from on conflict do nothing;
  delete from inbox_lane where lane_id = p_from;
  update intent set lane_id = p_into where lane_id = p_from;
  update link set lane_id = p_into where lane_id = p_from;
  update effect set lane_id = p_into where lane_id = p_from;
  update history set lane_id = p_into where lane_id = p_from;
  update finding set lane_id = p_into where lane_id = p_from;
  update reservation set holder_id = p_into where holder_id = p_from;
  delete from lane where id = p_from;
  update lane set seen_crm = coalesce(seen_crm, f.seen_crm), seen_program = coalesce(seen_program, f.seen_program)
    where id = p_into;
  -- Its unread rows keep the lane due, whatever the claim that absorbed it concludes.
  update lane set rang = rang + 1, due_inbound = least(due_inbound, f.due_inbound), due_outbound = least(due_outbound, f.due_outbound)
    where id = p_into and exists (select 1 from inbox_lane where inbox_lane.lane_id = p_into and read_at is null);
  return true;
end $$;

-- Ties a Pipedrive record to a program aggregate in a role, in the transaction that closes the write that made it.
-- For partner, partner user and deal the claimed lane becomes the lane of both identities; a customer's record keeps a
-- lane of its own, which is made due. Answers null when the claim is gone, 0 when the other lane is being worked on,
-- else the link's id.
create function link_record(
  p_lane bigint, p_epoch bigint, p_role text, p_object text, p_crm_id bigint, p_kind text, p_program_id text,
  p_created_by text, p_bases bytea, p_seen_crm bytea, p_intent bigint, p_identities bytea[])
returns bigint language plpgsql as $$
declare l lane%rowtype; v_other bigint; v_lane bigint; v_link bigint; v_identity bytea;
begin
  select * into l from lane where id = p_lane for update;
  if not found or l.epoch <> p_epoch or l.lease_until is null or l.lease_until <= clock_timestamp() then return null; end if;
  if p_role in ('partner', 'partner_user', 'deal') then
    v_lane := p_lane;
    for v_other in select id from lane where tenant_id = l.tenant_id and id <> p_lane
        and ((object = p_object and crm_id = p_crm_id) or (kind = p_kind and program_id = p_program_id)) loop
      if not absorb_lane(p_lane, v_other) then return 0; end if;
    end loop;
    update lane set object = p_object, crm_id = p_crm_id, kind = p_kind, program_id = p_program_id,
        seen_crm = coalesce(p_seen_crm, seen_crm) where id = p_lane;
  else
    v_lane := lane_for(l.tenant_id, p_object, p_crm_id, null, null);
    update lane set due_outbound = least(due_outbound, now()), rang = rang + 1,
        seen_crm = case when seen_crm is null then p_seen_crm else seen_crm end where id = v_lane;
  end if;
  insert into link (tenant_id, lane_id, role, object, crm_id, kind, program_id, created_by, bases)
    values (l.tenant_id, v_lane, p_role, p_object, p_crm_id, p_kind, p_program_id, p_created_by, p_bases)
    on conflict (tenant_id, object, crm_id, role, program_id) do update set state = 'active'
    returning id into v_link;
  if p_intent is not null then
    update intent set state = 'done', closed_at = now(), crm_id = p_crm_id where id = p_intent and state = 'open';
  end if;
  foreach v_identity in array coalesce(p_identities, '{}') loop
    update reservation set crm_id = p_crm_id where tenant_id = l.tenant_id and role = p_role and identity = v_identity;
    perform wake_waiters(l.tenant_id, 'reservation', encode(v_identity, 'hex'));
  end loop;
  perform wake_waiters(l.tenant_id, p_kind, p_program_id);
  return v_link;
end $$;

-- The sweep's two questions: which tenants have due lanes nobody rang for, and which bells were rung long ago and never
-- answered. The second is asked by one process at a time: every answer is a bell.
create function sweep_tenants()
returns table (tenant_id text, direction text) language sql stable as $$
  select distinct l.tenant_id, 'inbound' from lane l where l.due_inbound <= now() and l.rung_inbound is null
  union all
  select distinct l.tenant_id, 'outbound' from lane l where l.due_outbound <= now() and l.rung_outbound is null;
$$;

create function sweep_silent(p_direction text, p_silence interval)
returns table (tenant_id text, lane_id bigint, object text, crm_id bigint, kind text, program_id text) language plpgsql as $$
begin
  if not pg_try_advisory_xact_lock(hashtextextended('partnersync sweep ' || p_direction, 0)) then return; end if;
  if p_direction = 'inbound' then
    -- A bell for a lane that is no longer due has nothing to say; it only holds a place.
    update lane l set rung_inbound = null where l.rung_inbound < now() - p_silence and l.due_inbound is null;
    return query update lane l set rung_inbound = now() where l.id in (
        select i.id from lane i where i.rung_inbound < now() - p_silence and i.due_inbound <= now()
          and (i.lease_until is null or i.lease_until <= now()) order by i.id limit 1000 for update skip locked)
      returning l.tenant_id, l.id, l.object, l.crm_id, l.kind, l.program_id;
  else
    update lane l set rung_outbound = null where l.rung_outbound < now() - p_silence and l.due_outbound is null;
    return query update lane l set rung_outbound = now() where l.id in (
        select i.id from lane i where i.rung_outbound < now() - p_silence and i.due_outbound <= now()
          and (i.lease_until is null or i.lease_until <= now()) order by i.id limit 1000 for update skip locked)
      returning l.tenant_id, l.id, l.object, l.crm_id, l.kind, l.program_id;
  end if;
end $$;
