-- CreateTable
CREATE TABLE "roll_out" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "former" INTEGER,
    "enrol" BOOLEAN NOT NULL,
    "existing_ids" TEXT,
    "first" INTEGER NOT NULL,
    "stage" TEXT NOT NULL DEFAULT 'canary',
    "state" TEXT NOT NULL DEFAULT 'running',
    "trial" JSONB NOT NULL DEFAULT '[]',
    "progress" JSONB NOT NULL DEFAULT '{}',
    "asked" INTEGER NOT NULL DEFAULT 0,
    "cause" TEXT,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stage_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "roll_out_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "paused_field" (
    "tenant_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "paused_by" TEXT,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "paused_field_pkey" PRIMARY KEY ("tenant_id","role","field")
);

-- CreateTable
CREATE TABLE "drift_look" (
    "tenant_id" TEXT NOT NULL,
    "wanted_at" TIMESTAMPTZ(3),
    "begun_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "drift_look_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "roll_out_one_open" ON "roll_out"("tenant_id") WHERE (state in ('running', 'paused'));


-- A roll-out under way counts as a mapping: its trial records are decided by it before anything is in force.
create or replace function may_ring(p_tenant text, p_direction text)
returns boolean language sql stable as $$
  select exists (select 1 from tenant where id = p_tenant and paused_at is null)
    and (exists (select 1 from mapping_revision where tenant_id = p_tenant and state = 'live')
      or exists (select 1 from roll_out where tenant_id = p_tenant and state in ('running', 'paused')))
    and (select count(distinct side) = 2 from connection where tenant_id = p_tenant and state = 'active'
      and (side <> case p_direction when 'inbound' then 'program' else 'pipedrive' end
        or parked_until is null or parked_until <= now()));
$$;

-- A record that cannot be made while a field of it is paused waits for that field.
create or replace function waited_for_is_there(p_tenant text, p_kind text, p_id text)
returns boolean language sql as $$
  select case p_kind
    when 'reservation'
      then not exists (select 1 from reservation where tenant_id = p_tenant and role in ('customer_org', 'customer_person')
                       and identity = decode(p_id, 'hex') and crm_id is null)
    when 'field'
      then not exists (select 1 from paused_field where tenant_id = p_tenant and role || '.' || field = p_id
                       and resumed_at is null)
    else exists (select 1 from link where tenant_id = p_tenant and kind = p_kind and program_id = p_id and state = 'active'
                 and role in ('partner', 'partner_user', 'deal')) end;
$$;

-- Everything that was seen of an object is decided anew, behind all other work; nothing is read for it.
create function decide_anew(p_tenant text, p_object text)
returns void language sql as $$
  update lane set rang = rang + 1,
      class = case when coalesce(due_inbound, due_outbound) is null then 2 else class end,
      due_inbound = least(due_inbound, now()), due_outbound = least(due_outbound, now())
    where id in (select id from lane where tenant_id = p_tenant and object = p_object and seen_crm is not null
                   and stopped_at is null order by id for update);
$$;
