-- A record was merged into the claimed lane's record: its links, with what is known of their aggregates and what was
-- reserved for it, are the survivor's from now on, and a tombstone remains of it. Both lanes are locked in id order.
-- Writes under way to the record that is gone are over; what was told of it alone is of no more use.
-- "merged"; "nothing": it stood for nothing; "taken": it is being worked on; "occupied": the survivor stands for another
-- aggregate, and nothing is moved: a person has to say which one it is; "lost": the claim is gone.
CREATE FUNCTION merge_records(p_lane bigint, p_epoch bigint, p_loser bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE l lane%rowtype; f lane%rowtype; k link%rowtype; o link%rowtype; v_kinds text[]; v_ids text[]; v_moved boolean := false;
BEGIN
  SELECT * INTO l FROM lane WHERE id = p_lane; -- its tenant and object never change
  SELECT array_agg(m.kind), array_agg(m.program_id) INTO v_kinds, v_ids FROM link m
    WHERE m.tenant_id = l.tenant_id AND m.object = l.object AND m.crm_id = p_loser;
  PERFORM lock_waits(v_kinds, v_ids);
  PERFORM 1 FROM lane w WHERE w.id = p_lane OR (w.tenant_id = l.tenant_id AND (
      (w.object = l.object AND w.crm_id = p_loser) OR (w.blocked_kind = ANY (v_kinds) AND w.blocked_id = ANY (v_ids))))
    ORDER BY w.id FOR UPDATE;
  SELECT * INTO l FROM lane WHERE id = p_lane;
  IF NOT FOUND OR l.epoch <> p_epoch OR l.lease_until IS NULL OR l.lease_until <= clock_timestamp() THEN RETURN 'lost'; END IF;
  SELECT * INTO f FROM lane WHERE tenant_id = l.tenant_id AND object = l.object AND crm_id = p_loser;
  IF FOUND AND f.lease_until > clock_timestamp() THEN RETURN 'taken'; END IF;
  INSERT INTO merged_record (tenant_id, object, crm_id, into_id) VALUES (l.tenant_id, l.object, p_loser, l.crm_id)
    ON CONFLICT (tenant_id, object, crm_id) DO UPDATE SET into_id = excluded.into_id;
  UPDATE merged_record SET into_id = l.crm_id WHERE tenant_id = l.tenant_id AND object = l.object AND into_id = p_loser;
  IF f.id IS NULL OR NOT EXISTS (SELECT 1 FROM link m WHERE m.lane_id = f.id AND m.crm_id = p_loser) THEN RETURN 'nothing'; END IF;

  SELECT * INTO k FROM link m WHERE m.lane_id = f.id AND m.crm_id = p_loser AND m.role IN ('partner', 'partner_user', 'deal');
  IF FOUND THEN
    SELECT * INTO o FROM link m WHERE m.tenant_id = l.tenant_id AND m.role = k.role AND m.crm_id = l.crm_id;
    IF FOUND AND EXISTS (SELECT 1 FROM program_alias a WHERE a.tenant_id = l.tenant_id AND a.kind = k.kind
        AND ((a.program_id = k.program_id AND a.into_id = o.program_id) OR (a.program_id = o.program_id AND a.into_id = k.program_id))) THEN
      -- The aggregates were merged as well: the one that went into the other has no record any more.
      IF EXISTS (SELECT 1 FROM program_alias a WHERE a.tenant_id = l.tenant_id AND a.kind = k.kind AND a.program_id = o.program_id) THEN
        PERFORM end_link(o.id);
        PERFORM split_lane(p_lane);
      ELSE
        PERFORM end_link(k.id);
        PERFORM split_lane(f.id);
        SELECT * INTO f FROM lane WHERE id = f.id;
      END IF;
    ELSIF FOUND THEN
      UPDATE link SET state = 'orphaned' WHERE lane_id = f.id AND crm_id = p_loser;
      RETURN 'occupied';
    END IF;
  END IF;

  UPDATE inbox_lane il SET read_at = now() FROM inbox i
    WHERE i.id = il.inbox_id AND il.lane_id = f.id AND il.read_at IS NULL AND i.source = 'pipedrive';
  UPDATE intent SET state = 'failed', closed_at = now() WHERE lane_id = f.id AND state = 'open' AND type IN ('patch', 'note');
  FOR k IN SELECT * FROM link m WHERE m.lane_id = f.id AND m.crm_id = p_loser LOOP
    IF k.role IN ('partner', 'partner_user', 'deal') THEN
      INSERT INTO link_tombstone (tenant_id, object, crm_id, role, kind, program_id, reason, bases, restored)
        VALUES (k.tenant_id, k.object, k.crm_id, k.role, k.kind, k.program_id, 'merged', k.bases, k.restored)
        ON CONFLICT DO NOTHING;
    END IF;
    IF EXISTS (SELECT 1 FROM link m WHERE m.tenant_id = k.tenant_id AND m.role = k.role AND m.object = k.object
        AND m.crm_id = l.crm_id AND m.program_id = k.program_id) THEN
      DELETE FROM link WHERE id = k.id;
    ELSE
      UPDATE link SET crm_id = l.crm_id, state = 'active' WHERE id = k.id;
      DELETE FROM link_tombstone t WHERE t.tenant_id = k.tenant_id AND t.role = k.role AND t.object = k.object
        AND t.crm_id = l.crm_id AND t.program_id = k.program_id;
    END IF;
  END LOOP;
  IF l.object <> 'deal' THEN
    UPDATE reservation SET crm_id = l.crm_id WHERE tenant_id = l.tenant_id AND crm_id = p_loser
      AND role = CASE l.object WHEN 'organization' THEN 'customer_org' ELSE 'customer_person' END;
  END IF;
  UPDATE lane SET seen_crm = NULL, times = jsonb_set(times, '{crm}', '{}') WHERE id = f.id;
  PERFORM absorb_lane(p_lane, f.id);
  UPDATE lane SET due_inbound = least(due_inbound, now()), due_outbound = least(due_outbound, now()),
      kind = coalesce(f.kind, kind), program_id = coalesce(f.program_id, program_id) WHERE id = p_lane;
  FOR i IN 1 .. coalesce(cardinality(v_ids), 0) LOOP
    PERFORM wake_waiters(l.tenant_id, v_kinds[i], array[v_ids[i]]);
  END LOOP;
  RETURN 'merged';
END $$;

-- A pair that ended because its record or aggregate was merged away.
CREATE FUNCTION end_link(p_link bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE k link%rowtype;
BEGIN
  DELETE FROM link WHERE id = p_link RETURNING * INTO k;
  INSERT INTO link_tombstone (tenant_id, object, crm_id, role, kind, program_id, reason, bases, restored)
    VALUES (k.tenant_id, k.object, k.crm_id, k.role, k.kind, k.program_id, 'merged', k.bases, k.restored)
    ON CONFLICT DO NOTHING;
END $$;

-- The claimed lane's partner was merged into another one in the program: its old id means that one from now on, and its
-- Organization stands for it, unless that one has an Organization already.
-- "moved"; "alias": it had no Organization; "both": both have one, which a person has to merge; "taken": the other
-- partner is being worked on; "lost".
CREATE FUNCTION follow_partner(p_lane bigint, p_epoch bigint, p_from text, p_into text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE l lane%rowtype; b lane%rowtype; k link%rowtype;
BEGIN
  SELECT * INTO l FROM lane WHERE id = p_lane;
  PERFORM lock_waits(array['partner'], array[p_into]);
  PERFORM 1 FROM lane w WHERE w.id = p_lane OR (w.tenant_id = l.tenant_id AND (
      (w.kind = 'partner' AND w.program_id = p_into) OR (w.blocked_kind = 'partner' AND w.blocked_id = p_into)))
    ORDER BY w.id FOR UPDATE;
  SELECT * INTO l FROM lane WHERE id = p_lane;
  IF NOT FOUND OR l.epoch <> p_epoch OR l.lease_until IS NULL OR l.lease_until <= clock_timestamp() THEN RETURN 'lost'; END IF;
  SELECT * INTO b FROM lane WHERE tenant_id = l.tenant_id AND kind = 'partner' AND program_id = p_into;
  IF FOUND AND b.lease_until > clock_timestamp() THEN RETURN 'taken'; END IF;
  INSERT INTO program_alias (tenant_id, kind, program_id, into_id) VALUES (l.tenant_id, 'partner', p_from, p_into)
    ON CONFLICT (tenant_id, kind, program_id) DO UPDATE SET into_id = excluded.into_id;
  UPDATE program_alias SET into_id = p_into WHERE tenant_id = l.tenant_id AND kind = 'partner' AND into_id = p_from;
  SELECT * INTO k FROM link WHERE lane_id = p_lane AND role = 'partner' AND program_id = p_from;
  IF NOT FOUND THEN RETURN 'alias'; END IF;
  IF EXISTS (SELECT 1 FROM link WHERE tenant_id = l.tenant_id AND role = 'partner' AND program_id = p_into) THEN RETURN 'both'; END IF;
  INSERT INTO link_tombstone (tenant_id, object, crm_id, role, kind, program_id, reason, bases, restored)
    VALUES (k.tenant_id, k.object, k.crm_id, k.role, k.kind, k.program_id, 'merged', k.bases, k.restored)
    ON CONFLICT DO NOTHING;
  PERFORM split_lane(p_lane);
  IF b.id IS NOT NULL THEN PERFORM absorb_lane(p_lane, b.id); END IF;
  UPDATE link SET program_id = p_into, base_version = base_version + 1 WHERE id = k.id;
  UPDATE lane SET kind = 'partner', program_id = p_into, due_inbound = least(due_inbound, now()),
    due_outbound = least(due_outbound, now()), rang = rang + 1 WHERE id = p_lane;
  PERFORM wake_waiters(l.tenant_id, 'partner', array[p_into]);
  RETURN 'moved';
END $$;

-- Two records carry one id: nothing is written to either from now on.
CREATE FUNCTION quarantine_records(p_tenant text, p_object text, p_copy bigint, p_other bigint, p_program_id text)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO quarantine (tenant_id, object, crm_id, other_id, program_id, is_copy)
    VALUES (p_tenant, p_object, p_copy, p_other, p_program_id, true), (p_tenant, p_object, p_other, p_copy, p_program_id, false)
    ON CONFLICT DO NOTHING;
$$;

-- One of them is gone, or does not carry the id any more: both go on, and the finding is over.
CREATE FUNCTION release_records(p_tenant text, p_object text, p_crm_id bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_ids bigint[];
BEGIN
  v_ids := array(SELECT DISTINCT crm_id FROM quarantine WHERE tenant_id = p_tenant AND object = p_object
    AND (crm_id = p_crm_id OR other_id = p_crm_id));
  PERFORM 1 FROM lane WHERE tenant_id = p_tenant AND object = p_object AND crm_id = ANY (v_ids) ORDER BY id FOR UPDATE;
  UPDATE finding SET closed_at = now() WHERE tenant_id = p_tenant AND code = 'RECORD_CLONED' AND closed_at IS NULL
    AND subject IN (SELECT p_object || ' ' || crm_id || ' and ' || other_id FROM quarantine
      WHERE tenant_id = p_tenant AND object = p_object AND is_copy AND (crm_id = p_crm_id OR other_id = p_crm_id));
  DELETE FROM quarantine WHERE tenant_id = p_tenant AND object = p_object AND (crm_id = p_crm_id OR other_id = p_crm_id);
  UPDATE lane SET rang = rang + 1, due_inbound = least(due_inbound, now()), due_outbound = least(due_outbound, now())
    WHERE tenant_id = p_tenant AND object = p_object AND crm_id = ANY (v_ids);
END $$;
