-- CreateTable
CREATE TABLE "match_review" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "because" TEXT NOT NULL,
    "evidence" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "choice" TEXT,
    "crm_id" BIGINT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "comment" BYTEA,
    "ended_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "match_review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registration_customer" (
    "tenant_id" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "identities" BYTEA[],
    "facts" BYTEA NOT NULL,
    "registrations_at" TIMESTAMPTZ(3),
    "deals_at" TIMESTAMPTZ(3),

    CONSTRAINT "registration_customer_pkey" PRIMARY KEY ("tenant_id","program_id")
);

-- CreateIndex
CREATE INDEX "match_review_tenant_id_id_idx" ON "match_review"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "match_review_one_standing" ON "match_review"("tenant_id", "kind", "program_id", "role") WHERE (state in ('open', 'decided'));

-- CreateIndex
CREATE INDEX "registration_customer_identities_idx" ON "registration_customer" USING GIN ("identities");


-- A person's word on a match, and its lane due in the same transaction: the lane first, as everybody does. One more ring
-- keeps a run that is just about to settle as waiting from losing it. While a worker has the lane, an earlier decision
-- may be half carried out; one that is still open is safe, for nobody acts on it.
create function decide_match(p_tenant text, p_match bigint, p_choice text, p_crm_id bigint, p_by text, p_comment bytea)
returns text language plpgsql as $$
declare m match_review%rowtype; l lane%rowtype;
begin
  select * into m from match_review where tenant_id = p_tenant and id = p_match;
  if not found then return 'ended'; end if;
  select * into l from lane where tenant_id = p_tenant and kind = m.kind and program_id = m.program_id for update;
  select * into m from match_review where tenant_id = p_tenant and id = p_match for update;
  if m.state not in ('open', 'decided') then return 'ended'; end if;
  if m.state = 'decided' and l.lease_until > clock_timestamp() then return 'busy'; end if;
  update match_review set state = 'decided', choice = p_choice, crm_id = p_crm_id, decided_by = p_by, decided_at = now(),
      comment = p_comment where id = m.id;
  update lane set rang = rang + 1, attempts = 0, stopped_at = null, blocked_kind = null, blocked_id = null,
      due_outbound = least(due_outbound, now()) where id = l.id;
  update finding set closed_at = now() where tenant_id = p_tenant and code = 'MATCH_REVIEW' and closed_at is null
    and subject = m.kind || ' ' || m.program_id;
  return 'decided';
end $$;
