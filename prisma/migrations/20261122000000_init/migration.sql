-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "tenant" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "data_key" BYTEA NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "company_domain" TEXT,
    "company_id" BIGINT,
    "user_id" BIGINT,
    "secrets" BYTEA NOT NULL,
    "webhook_ids" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "state" TEXT NOT NULL DEFAULT 'active',
    "paused_cause" TEXT,
    "paused_at" TIMESTAMPTZ(3),
    "resumed_at" TIMESTAMPTZ(3),
    "parked_until" TIMESTAMPTZ(3),
    "parked_cause" TEXT,
    "clock_offset_ms" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mapping_revision" (
    "tenant_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "document_sha256" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "loaded_by" TEXT NOT NULL,
    "loaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mapping_revision_pkey" PRIMARY KEY ("tenant_id","revision")
);

-- CreateTable
CREATE TABLE "lane" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "object" TEXT,
    "crm_id" BIGINT,
    "kind" TEXT,
    "program_id" TEXT,
    "class" SMALLINT NOT NULL DEFAULT 0,
    "due_inbound" TIMESTAMPTZ(3),
    "due_outbound" TIMESTAMPTZ(3),
    "rung_inbound" TIMESTAMPTZ(3),
    "rung_outbound" TIMESTAMPTZ(3),
    "rang" BIGINT NOT NULL DEFAULT 0,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "blocked_kind" TEXT,
    "blocked_id" TEXT,
    "stopped_at" TIMESTAMPTZ(3),
    "cause" TEXT,
    "seen_crm" BYTEA,
    "seen_program" BYTEA,
    "times" JSONB NOT NULL DEFAULT '{"crm":{},"program":{}}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "lane_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "delivery_key" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_lane" (
    "inbox_id" BIGINT NOT NULL,
    "lane_id" BIGINT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_lane_pkey" PRIMARY KEY ("inbox_id","lane_id")
);

-- CreateTable
CREATE TABLE "link" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "lane_id" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "crm_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'active',
    "bases" BYTEA,
    "base_version" INTEGER NOT NULL DEFAULT 0,
    "recent" BYTEA,
    "restored" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "paused_fields" JSONB NOT NULL DEFAULT '[]',
    "forced" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intent" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "lane_id" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "role" TEXT,
    "object" TEXT,
    "crm_id" BIGINT,
    "program_id" TEXT,
    "key" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL,
    "hint_crm_id" BIGINT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "tenant_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "identity" BYTEA NOT NULL,
    "holder_id" BIGINT NOT NULL,
    "crm_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("tenant_id","role","identity")
);

-- CreateTable
CREATE TABLE "effect" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "lane_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "effect" TEXT NOT NULL,
    "program_version" INTEGER NOT NULL,
    "detail" BYTEA,
    "state" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "effect_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "history" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "lane_id" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "program_id" TEXT,
    "field" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "winner" TEXT,
    "rule" TEXT,
    "revision" INTEGER NOT NULL,
    "intent_id" BIGINT,
    "content" BYTEA,
    "salt" BYTEA,
    "digest" BYTEA,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finding" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "lane_id" BIGINT,
    "field" TEXT,
    "message" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" BYTEA,
    "count" INTEGER NOT NULL DEFAULT 1,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cursor" (
    "tenant_id" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cursor_pkey" PRIMARY KEY ("tenant_id","connection_id","name")
);

-- CreateTable
CREATE TABLE "token_spend" (
    "connection_id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "purpose" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "calls" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "token_spend_pkey" PRIMARY KEY ("connection_id","day","purpose","operation")
);

-- CreateTable
CREATE TABLE "operator" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operator_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_token" (
    "id" UUID NOT NULL,
    "operator_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operator_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "connection_tenant_id_side_idx" ON "connection"("tenant_id", "side");

-- CreateIndex
CREATE UNIQUE INDEX "mapping_revision_one_live" ON "mapping_revision"("tenant_id") WHERE (state = 'live');

-- CreateIndex
CREATE INDEX "lane_due_inbound" ON "lane"("tenant_id", "class", "due_inbound") WHERE (due_inbound is not null);

-- CreateIndex
CREATE INDEX "lane_due_outbound" ON "lane"("tenant_id", "class", "due_outbound") WHERE (due_outbound is not null);

-- CreateIndex
CREATE INDEX "lane_rung_inbound" ON "lane"("tenant_id") WHERE (rung_inbound is not null);

-- CreateIndex
CREATE INDEX "lane_rung_outbound" ON "lane"("tenant_id") WHERE (rung_outbound is not null);

-- CreateIndex
CREATE INDEX "lane_blocked" ON "lane"("tenant_id", "blocked_kind", "blocked_id") WHERE (blocked_kind is not null);

-- CreateIndex
CREATE UNIQUE INDEX "lane_tenant_id_object_crm_id_key" ON "lane"("tenant_id", "object", "crm_id");

-- CreateIndex
CREATE UNIQUE INDEX "lane_tenant_id_kind_program_id_key" ON "lane"("tenant_id", "kind", "program_id");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_connection_id_delivery_key_key" ON "inbox"("connection_id", "delivery_key");

-- CreateIndex
CREATE INDEX "inbox_lane_unread" ON "inbox_lane"("lane_id", "inbox_id") WHERE (read_at is null);

-- CreateIndex
CREATE INDEX "link_tenant_id_kind_program_id_idx" ON "link"("tenant_id", "kind", "program_id");

-- CreateIndex
CREATE INDEX "link_lane_id_idx" ON "link"("lane_id");

-- CreateIndex
CREATE UNIQUE INDEX "link_tenant_id_object_crm_id_role_program_id_key" ON "link"("tenant_id", "object", "crm_id", "role", "program_id");

-- CreateIndex
CREATE UNIQUE INDEX "link_one_record" ON "link"("tenant_id", "role", "program_id") WHERE (role in ('partner', 'partner_user', 'deal'));

-- CreateIndex
CREATE UNIQUE INDEX "link_one_aggregate" ON "link"("tenant_id", "role", "crm_id") WHERE (role in ('partner', 'partner_user', 'deal'));

-- CreateIndex
CREATE INDEX "intent_open" ON "intent"("lane_id") WHERE (state = 'open');

-- CreateIndex
CREATE INDEX "intent_open_create" ON "intent"("tenant_id", "object", "program_id") WHERE (state = 'open' and type = 'create');

-- CreateIndex
CREATE INDEX "reservation_holder_id_idx" ON "reservation"("holder_id");

-- CreateIndex
CREATE INDEX "effect_open" ON "effect"("lane_id") WHERE (state = 'open');

-- CreateIndex
CREATE UNIQUE INDEX "effect_tenant_id_program_id_effect_program_version_key" ON "effect"("tenant_id", "program_id", "effect", "program_version");

-- CreateIndex
CREATE INDEX "history_lane_id_id_idx" ON "history"("lane_id", "id");

-- CreateIndex
CREATE INDEX "history_unsealed" ON "history"("id") WHERE (digest is null);

-- CreateIndex
CREATE INDEX "finding_open_lane" ON "finding"("lane_id") WHERE (closed_at is null);

-- CreateIndex
CREATE UNIQUE INDEX "finding_one_open" ON "finding"("tenant_id", "code", "subject") WHERE (closed_at is null);

-- CreateIndex
CREATE UNIQUE INDEX "operator_name_key" ON "operator"("name");

-- CreateIndex
CREATE UNIQUE INDEX "operator_token_token_hash_key" ON "operator_token"("token_hash");

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mapping_revision" ADD CONSTRAINT "mapping_revision_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inbox_lane" ADD CONSTRAINT "inbox_lane_inbox_id_fkey" FOREIGN KEY ("inbox_id") REFERENCES "inbox"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operator_token" ADD CONSTRAINT "operator_token_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operator"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

