-- CreateTable
CREATE TABLE "intake_aggregate" (
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "program_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" BYTEA NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "intake_aggregate_pkey" PRIMARY KEY ("tenant_id","kind","program_id")
);

