-- AlterTable
ALTER TABLE "history" ADD COLUMN     "chain" BYTEA,
ADD COLUMN     "position" BIGINT;

-- CreateTable
CREATE TABLE "history_chain" (
    "tenant_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "chain" BYTEA NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "history_chain_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE INDEX "history_tenant_id_at_id_idx" ON "history"("tenant_id", "at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "history_tenant_id_position_key" ON "history"("tenant_id", "position");
