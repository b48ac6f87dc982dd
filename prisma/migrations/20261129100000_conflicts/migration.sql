-- CreateTable
CREATE TABLE "conflict" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "link_id" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "crm_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "verdict" TEXT,
    "word" BYTEA,
    "winner" TEXT,
    "rule" TEXT,
    "revision" INTEGER NOT NULL,
    "evidence" BYTEA NOT NULL,
    "note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "conflict_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "field_rewrite" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "link_id" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "paused" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "field_rewrite_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "conflict_tenant_id_id_idx" ON "conflict"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "conflict_asked" ON "conflict"("link_id") WHERE (verdict is not null);

-- CreateIndex
CREATE UNIQUE INDEX "conflict_one_live" ON "conflict"("link_id", "field") WHERE (state = ANY (ARRAY['open'::text, 'apart'::text]));

-- CreateIndex
CREATE INDEX "field_rewrite_tenant_id_role_field_idx" ON "field_rewrite"("tenant_id", "role", "field");


-- What a settled run has to say of conflicts, and of fields that it had to write again. Each conflict is a new row, or one
-- that the claim began with: what a person said meanwhile has counted its version up, so nothing is overwritten then, and
-- the lane, which that rang, runs again. Only called in the transaction of the settle, once it went through.
create function keep_conflicts(p_settle jsonb)
returns void language plpgsql as $$
declare x jsonb; v_tenant text; v_lane bigint := (p_settle->>'lane')::bigint; v_state text;
begin
  select tenant_id into v_tenant from lane where id = v_lane;
  for i in 0 .. jsonb_array_length(p_settle->'conflicts') - 1 loop
    x := p_settle->'conflicts'->i;
    v_state := x->>'state';
    if x->>'id' is null then
      insert into conflict (tenant_id, link_id, role, object, crm_id, kind, program_id, field, state, winner, rule, revision,
          evidence, verdict, word, note, closed_at)
        select v_tenant, k.id, k.role, k.object, k.crm_id, k.kind, k.program_id, x->>'field', v_state, x->>'winner', x->>'rule',
          (x->>'revision')::int, decode(x->>'evidence', 'base64'), x->>'verdict', decode(x->>'word', 'base64'), x->>'note',
          case when v_state in ('open', 'apart') then null else now() end
        from link k where k.id = (x->>'link')::bigint and k.tenant_id = v_tenant
        on conflict (link_id, field) where state = any (array['open'::text, 'apart'::text]) do nothing;
    else
      update conflict set state = v_state, winner = x->>'winner', rule = x->>'rule', revision = (x->>'revision')::int,
          evidence = decode(x->>'evidence', 'base64'), verdict = x->>'verdict', word = decode(x->>'word', 'base64'), note = x->>'note',
          version = version + 1, last_at = now(),
          closed_at = case when v_state in ('open', 'apart') then null else coalesce(closed_at, now()) end
        where id = (x->>'id')::bigint and tenant_id = v_tenant and version = (x->>'version')::int;
    end if;
    if v_state <> 'open' then
      update finding set closed_at = now() where tenant_id = v_tenant and lane_id = v_lane and code = 'CONFLICT_MANUAL'
        and field = x->>'field' and closed_at is null;
    end if;
  end loop;
  insert into field_rewrite (tenant_id, link_id, role, field, paused)
    select v_tenant, r.link, r.role, r.field, r.paused
    from jsonb_to_recordset(p_settle->'rewrites') r (link bigint, role text, field text, paused boolean);
end $$;

-- A person's word on a conflict, for its lane to carry out. False when it is no longer as that person saw it. The lane is
-- locked before the conflict, as a settle does, and rung whatever state it is in.
create function say_of_conflict(p_tenant text, p_id bigint, p_version int, p_state text, p_verdict text, p_word bytea, p_by text)
returns boolean language plpgsql as $$
declare v_lane bigint;
begin
  for i in 1..3 loop
    select k.lane_id into v_lane from conflict c join link k on k.id = c.link_id where c.id = p_id and c.tenant_id = p_tenant;
    perform 1 from lane where id = v_lane for update;
    exit when found; -- else it was absorbed by another lane between the two statements
  end loop;
  update conflict set state = p_state, verdict = p_verdict, word = p_word, decided_by = p_by, decided_at = now(),
      note = null, version = version + 1, last_at = now(),
      closed_at = case when p_state in ('open', 'apart') then null else closed_at end
    where id = p_id and tenant_id = p_tenant and version = p_version;
  if not found then return false; end if;
  if p_state <> 'open' then
    update finding set closed_at = now() where tenant_id = p_tenant and lane_id = v_lane and code = 'CONFLICT_MANUAL'
      and field = (select field from conflict where id = p_id) and closed_at is null;
  end if;
  update lane set rang = rang + 1, attempts = 0, stopped_at = null, class = 0,
      due_inbound = least(due_inbound, now()), due_outbound = least(due_outbound, now())
    where id = v_lane;
  return true;
end $$;
