-- What keeps links apart that were once together, and ids together that were once apart: pairs unlinked by hand, records
-- merged in Pipedrive, aggregates merged in the program, and records that carry one id twice.

-- CreateTable
CREATE TABLE "link_tombstone" (
    "tenant_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "crm_id" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "bases" BYTEA,
    "restored" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "removed_by" TEXT,
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_tombstone_pkey" PRIMARY KEY ("tenant_id","object","crm_id","role","program_id")
);

-- CreateTable
CREATE TABLE "merged_record" (
    "tenant_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "crm_id" BIGINT NOT NULL,
    "into_id" BIGINT NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "merged_record_pkey" PRIMARY KEY ("tenant_id","object","crm_id")
);

-- CreateTable
CREATE TABLE "program_alias" (
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "into_id" TEXT NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "program_alias_pkey" PRIMARY KEY ("tenant_id","kind","program_id")
);

-- CreateTable
CREATE TABLE "quarantine" (
    "tenant_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "crm_id" BIGINT NOT NULL,
    "other_id" BIGINT NOT NULL,
    "program_id" TEXT NOT NULL,
    "is_copy" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("tenant_id","object","crm_id","other_id")
);

-- CreateIndex
CREATE INDEX "link_tombstone_tenant_id_kind_program_id_idx" ON "link_tombstone"("tenant_id", "kind", "program_id");

-- CreateIndex
CREATE INDEX "program_alias_tenant_id_kind_into_id_idx" ON "program_alias"("tenant_id", "kind", "into_id");


-- A record's lane and its aggregate's go separate ways: the aggregate gets a lane of its own, with what was told and seen
-- of it, its unread events, and writes under way that are about it. What is known of the record stays. Both are due.
-- Null when the lane stands for no aggregate.
CREATE FUNCTION split_lane(p_lane bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE l lane%rowtype; v_new bigint;
BEGIN
  SELECT * INTO l FROM lane WHERE id = p_lane;
  IF l.kind IS NULL OR l.object IS NULL THEN RETURN NULL; END IF;
  UPDATE lane SET kind = NULL, program_id = NULL, seen_program = NULL, blocked_kind = NULL, blocked_id = NULL,
      times = jsonb_build_object('crm', times->'crm', 'program', '{}'::jsonb), rang = rang + 1,
      due_inbound = least(due_inbound, now()) WHERE id = p_lane;
  INSERT INTO lane (tenant_id, kind, program_id, seen_program, times, class, due_inbound, due_outbound)
    VALUES (l.tenant_id, l.kind, l.program_id, l.seen_program,
      jsonb_build_object('crm', '{}'::jsonb, 'program', l.times->'program'), l.class, now(), now())
    RETURNING id INTO v_new;
  INSERT INTO inbox_lane (inbox_id, lane_id, tenant_id)
    SELECT il.inbox_id, v_new, il.tenant_id FROM inbox_lane il JOIN inbox i ON i.id = il.inbox_id
      WHERE il.lane_id = p_lane AND il.read_at IS NULL AND i.source = 'program';
  DELETE FROM inbox_lane il USING inbox i
    WHERE i.id = il.inbox_id AND il.lane_id = p_lane AND il.read_at IS NULL AND i.source = 'program';
  UPDATE intent SET lane_id = v_new WHERE lane_id = p_lane AND state = 'open' AND type IN ('command', 'create');
  UPDATE reservation SET holder_id = v_new WHERE holder_id = p_lane;
  RETURN v_new;
END $$;

-- Unties a link, for good: its tombstone keeps the sync from tying the pair together again. What it reserved is free
-- unless another registration has the same customer. Answers false when the claim, or the link, is gone.
CREATE FUNCTION unlink_record(p_lane bigint, p_epoch bigint, p_link bigint, p_by text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE l lane%rowtype; k link%rowtype;
BEGIN
  SELECT * INTO l FROM lane WHERE id = p_lane FOR UPDATE;
  IF NOT FOUND OR l.epoch <> p_epoch OR l.lease_until IS NULL OR l.lease_until <= clock_timestamp() THEN RETURN false; END IF;
  DELETE FROM link WHERE id = p_link AND lane_id = p_lane RETURNING * INTO k;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO link_tombstone (tenant_id, object, crm_id, role, kind, program_id, reason, bases, restored, removed_by)
    VALUES (k.tenant_id, k.object, k.crm_id, k.role, k.kind, k.program_id, 'manual', k.bases, k.restored, p_by)
    ON CONFLICT (tenant_id, object, crm_id, role, program_id) DO UPDATE SET reason = excluded.reason,
      bases = excluded.bases, restored = excluded.restored, removed_by = excluded.removed_by, removed_at = now();
  IF k.role IN ('partner', 'partner_user', 'deal') THEN
    PERFORM split_lane(p_lane);
  ELSIF NOT EXISTS (SELECT 1 FROM link o WHERE o.tenant_id = k.tenant_id AND o.role = k.role AND o.crm_id = k.crm_id) THEN
    DELETE FROM reservation r WHERE r.tenant_id = k.tenant_id AND r.role = k.role AND r.crm_id = k.crm_id;
  END IF;
  RETURN true;
END $$;
