-- CreateTable
CREATE TABLE "access_snapshot" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "sha256" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "tokens" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_roster" (
    "tenant_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "rows" INTEGER NOT NULL,
    "imported_by" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_roster_pkey" PRIMARY KEY ("tenant_id","version")
);

-- CreateTable
CREATE TABLE "access_policy" (
    "tenant_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "loaded_by" TEXT NOT NULL,
    "loaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_policy_pkey" PRIMARY KEY ("tenant_id","version")
);

-- CreateTable
CREATE TABLE "access_map_entry" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_map_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_run" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "snapshot_id" UUID NOT NULL,
    "roster_version" INTEGER,
    "policy_version" INTEGER,
    "tool_version" TEXT NOT NULL,
    "summary" JSONB NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "access_run_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "access_finding" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "detail" BYTEA NOT NULL,

    CONSTRAINT "access_finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_review" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "open_follow_ups" INTEGER NOT NULL DEFAULT 0,
    "content" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_review_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "access_schedule" (
    "tenant_id" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "access_schedule_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE INDEX "access_snapshot_tenant_id_taken_at_idx" ON "access_snapshot"("tenant_id", "taken_at");

-- CreateIndex
CREATE INDEX "access_map_entry_tenant_id_user_id_id_idx" ON "access_map_entry"("tenant_id", "user_id", "id");

-- CreateIndex
CREATE INDEX "access_run_tenant_id_at_idx" ON "access_run"("tenant_id", "at");

-- CreateIndex
CREATE INDEX "access_finding_tenant_id_id_idx" ON "access_finding"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "access_finding_one_open" ON "access_finding"("tenant_id", "key") WHERE (closed_at is null);

-- CreateIndex
CREATE UNIQUE INDEX "access_review_tenant_id_run_id_key" ON "access_review"("tenant_id", "run_id");

-- CreateIndex
CREATE INDEX "access_schedule_due_at_idx" ON "access_schedule"("due_at");


-- What evidence is made of stays as it was, whoever asks. Only a tenant that is forgotten as a whole takes its own along,
-- in a transaction that says so.
CREATE FUNCTION refuse_change_of_access_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('partnersync.forgetting', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% never changes: evidence is made of it', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER access_snapshot_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON "access_snapshot"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_evidence();
CREATE TRIGGER access_roster_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON "access_roster"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_evidence();
CREATE TRIGGER access_policy_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON "access_policy"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_evidence();
CREATE TRIGGER access_map_entry_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON "access_map_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_evidence();
CREATE TRIGGER access_run_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON "access_run"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_evidence();
