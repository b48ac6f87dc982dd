-- The lane table's verbs. Each is one short transaction when called alone. Locks are taken in one order, so that
-- batches of several processes cannot deadlock: what is waited for, then lane rows by id, then reservations by
-- identity, then the rest. Times are the database's.

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
    -- Work still waiting keeps the better of both classes; a class whose work is done says nothing of this one.
    update lane set rang = rang + 1, attempts = 0, stopped_at = null,
        class = case when coalesce(due_inbound, due_outbound) is null then p_class else least(class, p_class) end,
        due_inbound = case when p_source = 'pipedrive' then least(due_inbound, now()) else due_inbound end,
        due_outbound = case when p_source = 'program' then least(due_outbound, now()) else due_outbound end
      where id = v_lane;
    exit when found; -- else it was absorbed by another lane between the two statements
  end loop;
  insert into inbox_lane (inbox_id, lane_id, tenant_id) values (v_inbox, v_lane, p_tenant);
  return v_lane;
end $$;

-- False while the tenant is paused or the side this direction writes to is parked: only that one has a budget to wait
-- for. A run needs a mapping and both sides.
create function may_ring(p_tenant text, p_direction text)
returns boolean language sql stable as $$
  select exists (select 1 from tenant where id = p_tenant and paused_at is null)
    and exists (select 1 from mapping_revision where tenant_id = p_tenant and state = 'live')
    and (select count(distinct side) = 2 from connection where tenant_id = p_tenant and state = 'active'
      and (side <> case p_direction when 'inbound' then 'program' else 'pipedrive' end
        or parked_until is null or parked_until <= now()));
$$;

-- The one place that hands out work: due lanes of one tenant and direction, live before backfill before reconcile,
-- oldest first, never more than p_slots doorbells at once, none while the tenant or the receiving side waits.
create function next_lanes(p_tenant text, p_direction text, p_slots int)
returns table (lane_id bigint, object text, crm_id bigint, kind text, program_id text) language plpgsql as $$
declare v_free int;
begin
  -- What a crash forgets is handed out again, so nobody waits for the disk while others wait for the lock below.
  perform set_config('synchronous_commit', 'off', true);
  -- Two callers at once would each count the same free slots.
  perform pg_advisory_xact_lock(hashtextextended('next ' || p_tenant || ' ' || p_direction, 0));
  if not may_ring(p_tenant, p_direction) then return; end if;
  if p_direction = 'inbound' then
    select p_slots - count(*) into v_free from lane l where l.tenant_id = p_tenant and l.rung_inbound is not null;
    return query with rung as (
      update lane l set rung_inbound = now() where l.id in (
          select i.id from lane i where i.tenant_id = p_tenant and i.due_inbound <= now() and i.rung_inbound is null
            and (i.lease_until is null or i.lease_until <= now())
          order by i.class, i.due_inbound, i.id limit greatest(v_free, 0) for update skip locked)
        returning l.*)
      select r.id, r.object, r.crm_id, r.kind, r.program_id from rung r order by r.class, r.due_inbound, r.id;
  else
    select p_slots - count(*) into v_free from lane l where l.tenant_id = p_tenant and l.rung_outbound is not null;
    return query with rung as (
      update lane l set rung_outbound = now() where l.id in (
          select i.id from lane i where i.tenant_id = p_tenant and i.due_outbound <= now() and i.rung_outbound is null
            and (i.lease_until is null or i.lease_until <= now())
          order by i.class, i.due_outbound, i.id limit greatest(v_free, 0) for update skip locked)
        returning l.*)
      select r.id, r.object, r.crm_id, r.kind, r.program_id from rung r order by r.class, r.due_outbound, r.id;
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

-- Writing down that a lane waits, and waking whoever waits, exclude each other per thing waited for: each would else
-- look before the other's commit. Taken before any row is.
create function lock_waits(p_kinds text[], p_ids text[])
returns void language plpgsql as $$
declare v_key bigint;
begin
  for v_key in select distinct hashtextextended('wait ' || k || ' ' || i, 0) from unnest(p_kinds, p_ids) w (k, i) order by 1 loop
    perform pg_advisory_xact_lock(v_key);
  end loop;
end $$;

-- Whoever waited for one of these becomes due.
create function wake_waiters(p_tenant text, p_kind text, p_ids text[])
returns void language sql as $$
  update lane set blocked_kind = null, blocked_id = null, due_outbound = least(due_outbound, now())
    where id in (select id from lane where tenant_id = p_tenant and blocked_kind = p_kind and blocked_id = any (p_ids)
                 order by id for update);
$$;

-- What a blocked lane waits for is there already.
create function waited_for_is_there(p_tenant text, p_kind text, p_id text)
returns boolean language sql as $$
  select case when p_kind = 'reservation'
    then not exists (select 1 from reservation where tenant_id = p_tenant and role in ('customer_org', 'customer_person')
                     and identity = decode(p_id, 'hex') and crm_id is null)
    else exists (select 1 from link where tenant_id = p_tenant and kind = p_kind and program_id = p_id and state = 'active'
                 and role in ('partner', 'partner_user', 'deal')) end;
$$;

-- Reserves identities for the claimed lane, as far as they are free; keys in order, so that two lanes cannot each hold
-- half. Answers each up to the first that is not ours: a row without a holder means that the claim is gone.
create function reserve_identities(p_lane bigint, p_epoch bigint, p_role text, p_identities bytea[])
returns table (identity bytea, holder_id bigint, crm_id bigint) language plpgsql as $$
declare l lane%rowtype; v_identity bytea;
begin
  select * into l from lane where id = p_lane for update;
  if not found or l.epoch <> p_epoch or l.lease_until is null or l.lease_until <= clock_timestamp() then
    return next; return;
  end if;
  for v_identity in select distinct i from unnest(p_identities) i order by 1 loop
    return query insert into reservation as r (tenant_id, role, identity, holder_id)
      values (l.tenant_id, p_role, v_identity, p_lane)
      on conflict on constraint reservation_pkey do update set holder_id = r.holder_id
      returning r.identity, r.holder_id, r.crm_id;
    exit when exists (select 1 from reservation r where r.tenant_id = l.tenant_id and r.role = p_role
      and r.identity = v_identity and (r.holder_id <> p_lane or r.crm_id is not null));
  end loop;
end $$;

-- A lane that has nothing left to do for its record, or that waits for an earlier key than one it holds, keeps nobody
-- waiting: unless a create of its own is still open, what it reserved is free again.
create function give_up_reservations(p_tenant text, p_lane bigint, p_after bytea)
returns void language plpgsql as $$
declare v_given text[];
begin
  if exists (select 1 from intent where lane_id = p_lane and type = 'create' and state = 'open') then return; end if;
  perform 1 from reservation where holder_id = p_lane and crm_id is null order by identity for update;
  with given as (
    delete from reservation where holder_id = p_lane and crm_id is null and (p_after is null or identity > p_after)
    returning encode(identity, 'hex') as identity)
  select array_agg(identity) into v_given from given;
  if v_given is not null then perform wake_waiters(p_tenant, 'reservation', v_given); end if;
end $$;

-- Links that these settles find restored: deleted records that a read has found again. Others may wait for them.
create function restored_links(p_settles jsonb)
returns setof link language sql stable as $$
  select k.* from jsonb_array_elements(p_settles) s, jsonb_array_elements(s->'links') c, link k
    where k.id = (c->>'id')::bigint and k.state = 'orphaned' and c->>'state' = 'active';
$$;

-- Settle many lanes in one transaction. Each element: lane, epoch, direction, rang, read[], seen_crm, seen_program,
-- times, due {inbound, outbound} (null, or when), blocked {kind, id}, stopped, attempts, cause, links[], intents[],
-- history[], findings[], effects[]. Answers by position (from 1) which were still ours, and when each is due.
create function settle_lanes(p_settles jsonb)
returns table (nth int, settled boolean, due_in timestamptz, due_out timestamptz) language plpgsql as $$
declare s jsonb; x jsonb; l lane%rowtype; k link%rowtype; v_tenant text; v_blocked_kind text; v_blocked_id text; v_in timestamptz; v_out timestamptz;
  v_lanes bigint[]; v_kinds text[]; v_ids text[]; v_unread bigint; v_changes boolean; v_events boolean;
begin
  select array_agg((value->>'lane')::bigint) into v_lanes from jsonb_array_elements(p_settles);
  select array_agg(w.kind), array_agg(w.id) into v_kinds, v_ids from (
    select value->'blocked'->>'kind' as kind, value->'blocked'->>'id' as id from jsonb_array_elements(p_settles)
      where jsonb_typeof(value->'blocked') = 'object'
    union select 'reservation', encode(r.identity, 'hex') from reservation r
      where r.holder_id = any (v_lanes) and r.crm_id is null
    union select r.kind, r.program_id from restored_links(p_settles) r) w;
  perform lock_waits(v_kinds, v_ids);
  perform 1 from lane where id in (
      select unnest(v_lanes)
      union select w.id from reservation r join lane w on w.tenant_id = r.tenant_id and w.blocked_kind = 'reservation'
          and w.blocked_id = encode(r.identity, 'hex')
        where r.holder_id = any (v_lanes) and r.crm_id is null
      union select w.id from restored_links(p_settles) r join lane w on w.tenant_id = r.tenant_id
          and w.blocked_kind = r.kind and w.blocked_id = r.program_id)
    order by id for update;
  for s, nth in select value, ordinality from jsonb_array_elements(p_settles) with ordinality order by ordinality loop
    select * into l from lane where id = (s->>'lane')::bigint;
    if not found or l.epoch <> (s->>'epoch')::bigint or l.lease_until is null or l.lease_until <= clock_timestamp() then
      settled := false; due_in := null; due_out := null; return next; continue;
    end if;
    v_tenant := l.tenant_id;
    -- Most runs have little to say: what is empty costs no statement.
    if s->'read' <> '[]' then
      update inbox_lane il set read_at = now()
        where il.lane_id = l.id and il.inbox_id = any (array(select value::bigint from jsonb_array_elements_text(s->'read')));
    end if;
    for i in 0 .. jsonb_array_length(s->'links') - 1 loop
      x := s->'links'->i;
      select * into k from link where id = (x->>'id')::bigint and link.tenant_id = v_tenant;
      if k.state = 'orphaned' and x->>'state' = 'active' then
        perform wake_waiters(v_tenant, k.kind, array[k.program_id]);
      elsif k.state = 'active' and x->>'state' = 'orphaned' then
        -- Whoever names this customer next finds or makes another record.
        delete from reservation r where r.tenant_id = v_tenant and r.role = k.role and r.crm_id = k.crm_id;
      end if;
      update link set bases = decode(x->>'bases', 'base64'), base_version = (x->>'base_version')::int,
          recent = decode(x->>'recent', 'base64'),
          restored = array(select jsonb_array_elements_text(x->'restored')),
          paused_fields = x->'paused_fields', state = x->>'state'
        where id = (x->>'id')::bigint and link.tenant_id = v_tenant;
    end loop;
    for i in 0 .. jsonb_array_length(s->'intents') - 1 loop
      x := s->'intents'->i;
      update intent set state = x->>'state', closed_at = now() where id = (x->>'id')::bigint and state = 'open';
    end loop;
    if s->'history' <> '[]' then
      insert into history (tenant_id, lane_id, role, program_id, field, event, winner, rule, revision, intent_id, content, salt)
        select v_tenant, l.id, h.role, h.program_id, h.field, h.event, h.winner, h.rule, h.revision, h.intent_id,
               decode(h.content, 'base64'), decode(h.salt, 'base64')
        from jsonb_to_recordset(s->'history') h (role text, program_id text, field text, event text, winner text,
             rule text, revision int, intent_id bigint, content text, salt text);
    end if;
    if s->'findings' <> '[]' then
      insert into finding (tenant_id, code, severity, lane_id, field, message, subject, detail)
        select distinct on (f.code, f.subject) v_tenant, f.code, f.severity, l.id, f.field, f.message, f.subject,
               decode(f.detail, 'base64')
        from jsonb_to_recordset(s->'findings') f (code text, severity text, field text, message text, subject text, detail text)
        on conflict (tenant_id, code, subject) where closed_at is null
        do update set last_at = now(), count = finding.count + 1, message = excluded.message;
    end if;
    if s->'effects' <> '[]' then
      insert into effect (tenant_id, lane_id, kind, program_id, effect, program_version, detail)
        select v_tenant, l.id, e.kind, e.program_id, e.effect, e.program_version, decode(e.detail, 'base64')
        from jsonb_to_recordset(s->'effects') e (kind text, program_id text, effect text, program_version int, detail text)
        on conflict do nothing;
    end if;
    for i in 0 .. jsonb_array_length(s->'effects_done') - 1 loop
      x := s->'effects_done'->i;
      update effect set state = x->>'state' where id = (x->>'id')::bigint;
    end loop;

    v_blocked_kind := s->'blocked'->>'kind'; v_blocked_id := s->'blocked'->>'id';
    v_in := case when jsonb_typeof(s->'due'->'inbound') = 'string' then (s->'due'->>'inbound')::timestamptz end;
    v_out := case when jsonb_typeof(s->'due'->'outbound') = 'string' then (s->'due'->>'outbound')::timestamptz end;
    if v_blocked_kind is not null then
      if waited_for_is_there(v_tenant, v_blocked_kind, v_blocked_id) then
        v_out := now(); v_blocked_kind := null; v_blocked_id := null;
      end if;
    end if;
    -- What came meanwhile keeps the direction due that its accept made due, and the attempts that it gave. The claim
    -- made its own direction due as well: with rows of the other side only, that one is enough, since whichever runs
    -- next folds all rows and says for both. A ring without rows (a hint, a link) keeps both as due as they are.
    if l.rang <> (s->>'rang')::bigint or s->'read' <> '[]' then
      select count(*), bool_or(i.source = 'pipedrive'), bool_or(i.source = 'program') into v_unread, v_changes, v_events
        from inbox_lane il join inbox i on i.id = il.inbox_id where il.lane_id = l.id and il.read_at is null;
      if l.rang <> (s->>'rang')::bigint then
        if v_changes or v_unread = 0 or coalesce(l.due_outbound > clock_timestamp(), true) then
          v_in := least(v_in, l.due_inbound);
        end if;
        if v_events or v_unread = 0 or coalesce(l.due_inbound > clock_timestamp(), true) then
          v_out := least(v_out, l.due_outbound);
        end if;
        s := s || '{"attempts": 0, "stopped": false}';
      end if;
      -- A long inbox is read in pages, and the next one has to be asked for.
      if s->'read' <> '[]' and v_unread > l.rang - (s->>'rang')::bigint then
        if s->>'direction' = 'inbound' then v_in := least(v_in, now()); else v_out := least(v_out, now()); end if;
      end if;
    end if;
    update lane set lease_until = null, settled_at = now(), due_inbound = v_in, due_outbound = v_out,
        rung_inbound = case when s->>'direction' = 'inbound' then null else rung_inbound end,
        rung_outbound = case when s->>'direction' = 'outbound' then null else rung_outbound end,
        blocked_kind = v_blocked_kind, blocked_id = v_blocked_id, attempts = (s->>'attempts')::int,
        stopped_at = case when (s->>'stopped')::boolean then coalesce(stopped_at, now()) end, cause = s->>'cause',
        seen_crm = coalesce(decode(s->>'seen_crm', 'base64'), seen_crm),
        seen_program = coalesce(decode(s->>'seen_program', 'base64'), seen_program),
        times = coalesce(s->'times', times)
      where id = l.id;
    if v_in is null and v_out is null and v_blocked_kind is null then
      if exists (select 1 from reservation where holder_id = l.id and crm_id is null) then
        perform give_up_reservations(v_tenant, l.id, null);
      end if;
    elsif v_blocked_kind = 'reservation' then
      perform give_up_reservations(v_tenant, l.id, decode(v_blocked_id, 'hex'));
    end if;
    settled := true; due_in := v_in; due_out := v_out; return next;
  end loop;
end $$;

-- One lane takes over another's rows, knowledge and identity: linking joins the lane of a record and the lane of its
-- aggregate. Both rows are locked by the caller, and nobody works on the other one. What is over and done with stays
-- under the old lane, where no index would find it: rows that were read, closed intents, effects and findings.
create function absorb_lane(p_into bigint, p_from bigint)
returns void language plpgsql as $$
declare f lane%rowtype;
begin
  insert into inbox_lane (inbox_id, lane_id, tenant_id)
    select inbox_id, p_into, tenant_id from inbox_lane where lane_id = p_from and read_at is null on conflict do nothing;
  delete from inbox_lane where lane_id = p_from and read_at is null;
  update intent set lane_id = p_into where lane_id = p_from and state = 'open';
  update link set lane_id = p_into where lane_id = p_from;
  update effect set lane_id = p_into where lane_id = p_from and state = 'open';
  update history set lane_id = p_into where lane_id = p_from;
  update finding set lane_id = p_into where lane_id = p_from and closed_at is null;
  update reservation set holder_id = p_into where holder_id = p_from;
  delete from lane where id = p_from returning * into f;
  -- Its work stays due, and one more ring has the lane run again whatever the claim that absorbed it concludes: that
  -- run has not seen what the other lane knew.
  update lane l set rang = l.rang + 1, class = least(l.class, f.class),
      due_inbound = least(l.due_inbound, f.due_inbound), due_outbound = least(l.due_outbound, f.due_outbound),
      seen_crm = coalesce(l.seen_crm, f.seen_crm), seen_program = coalesce(l.seen_program, f.seen_program),
      times = jsonb_build_object('crm', (f.times->'crm') || (l.times->'crm'), 'program', (f.times->'program') || (l.times->'program'))
    where l.id = p_into;
end $$;

-- Ties a Pipedrive record to a program aggregate in a role, in the transaction that closes the write that made it.
-- For partner, partner user and deal the claimed lane becomes the lane of both identities; a customer's record keeps a
-- lane of its own, which is made due. Nothing is changed unless the outcome is "linked"; the others are "lost" (the
-- claim is gone), "taken" (another lane is being worked on) and "occupied" (the record is another aggregate's).
-- v_told: webhooks of the record were passed over while nobody knew that it was ours, so what its create answered may be
-- outdated and is not kept as seen.
create function link_record(
  p_lane bigint, p_epoch bigint, p_role text, p_object text, p_crm_id bigint, p_kind text, p_program_id text,
  p_created_by text, p_bases bytea, p_seen_crm bytea, p_intent bigint, p_identities bytea[])
returns table (outcome text, link_id bigint, told boolean) language plpgsql as $$
declare l lane%rowtype; v_others bigint[]; v_other bigint; v_lane bigint; v_link bigint; v_identity bytea;
  v_reserved text[]; v_told boolean; v_is_own boolean := p_role in ('partner', 'partner_user', 'deal');
begin
  v_reserved := array(select encode(i, 'hex') from unnest(coalesce(p_identities, '{}')) i);
  perform lock_waits(p_kind || array_fill('reservation'::text, array[cardinality(v_reserved)]), p_program_id || v_reserved);
  select * into l from lane where id = p_lane; -- its tenant never changes
  perform 1 from lane w where w.id = p_lane or (w.tenant_id = l.tenant_id and (
      (w.object = p_object and w.crm_id = p_crm_id) or (w.kind = p_kind and w.program_id = p_program_id)
      or (w.blocked_kind = p_kind and w.blocked_id = p_program_id)
      or (w.blocked_kind = 'reservation' and w.blocked_id = any (v_reserved))))
    order by w.id for update;
  select * into l from lane where id = p_lane;
  if not found or l.epoch <> p_epoch or l.lease_until is null or l.lease_until <= clock_timestamp() then
    return query select 'lost', null::bigint, false; return;
  end if;
  if v_is_own and exists (select 1 from link k where k.tenant_id = l.tenant_id and k.role = p_role
      and k.crm_id = p_crm_id and k.program_id <> p_program_id) then
    return query select 'occupied', null::bigint, false; return;
  end if;
  for i in 1..3 loop
    v_told := exists (select 1 from lane w where w.tenant_id = l.tenant_id and w.object = p_object and w.crm_id = p_crm_id
      and w.id <> p_lane and w.settled_at is not null and w.seen_crm is null);
    if v_told then p_seen_crm := null; end if;
    exit when not v_is_own;
    v_others := array(select id from lane where tenant_id = l.tenant_id and id <> p_lane
      and ((object = p_object and crm_id = p_crm_id) or (kind = p_kind and program_id = p_program_id))
      order by id for update);
    if exists (select 1 from lane where id = any (v_others) and lease_until > clock_timestamp()) then
      return query select 'taken', null::bigint, false; return;
    end if;
    begin
      foreach v_other in array v_others loop
        perform absorb_lane(p_lane, v_other);
      end loop;
      update lane set object = p_object, crm_id = p_crm_id, kind = p_kind, program_id = p_program_id,
          seen_crm = coalesce(p_seen_crm, seen_crm) where id = p_lane;
      v_lane := p_lane;
      exit;
    exception when unique_violation then
      if i = 3 then raise; end if; -- a webhook or event made a lane of one of both meanwhile: it joins as well
    end;
  end loop;
  if not v_is_own then
    v_lane := lane_for(l.tenant_id, p_object, p_crm_id, null, null);
    update lane set due_outbound = least(due_outbound, now()), rang = rang + 1,
        seen_crm = coalesce(seen_crm, p_seen_crm) where id = v_lane;
  end if;
  insert into link (tenant_id, lane_id, role, object, crm_id, kind, program_id, created_by, bases)
    values (l.tenant_id, v_lane, p_role, p_object, p_crm_id, p_kind, p_program_id, p_created_by, p_bases)
    on conflict (tenant_id, object, crm_id, role, program_id) do update set state = 'active'
    returning id into v_link;
  if p_intent is not null then
    update intent set state = 'done', closed_at = now(), crm_id = p_crm_id where id = p_intent and state = 'open';
  end if;
  for v_identity in select i from unnest(coalesce(p_identities, '{}')) i order by 1 loop
    update reservation set crm_id = p_crm_id where tenant_id = l.tenant_id and role = p_role and identity = v_identity;
  end loop;
  perform wake_waiters(l.tenant_id, 'reservation', v_reserved);
  perform wake_waiters(l.tenant_id, p_kind, array[p_program_id]);
  return query select 'linked', v_link, v_told;
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
  -- A bell for a lane that is no longer due has nothing to say, and one of a tenant that waits must not be repeated: it
  -- only holds a place.
  if p_direction = 'inbound' then
    update lane l set rung_inbound = null where l.id in (
      select i.id from lane i where i.rung_inbound < now() - p_silence
        and (i.due_inbound is null or not may_ring(i.tenant_id, 'inbound')) order by i.id for update skip locked);
    return query update lane l set rung_inbound = now() where l.id in (
        select i.id from lane i where i.rung_inbound < now() - p_silence and i.due_inbound <= now()
          and (i.lease_until is null or i.lease_until <= now()) order by i.id limit 1000 for update skip locked)
      returning l.tenant_id, l.id, l.object, l.crm_id, l.kind, l.program_id;
  else
    update lane l set rung_outbound = null where l.id in (
      select i.id from lane i where i.rung_outbound < now() - p_silence
        and (i.due_outbound is null or not may_ring(i.tenant_id, 'outbound')) order by i.id for update skip locked);
    return query update lane l set rung_outbound = now() where l.id in (
        select i.id from lane i where i.rung_outbound < now() - p_silence and i.due_outbound <= now()
          and (i.lease_until is null or i.lease_until <= now()) order by i.id limit 1000 for update skip locked)
      returning l.tenant_id, l.id, l.object, l.crm_id, l.kind, l.program_id;
  end if;
end $$;
