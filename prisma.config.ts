import { defineConfig } from "prisma/config";

/** For Prisma's CLI only. DATABASE_URL is set by `npm run prisma`, which starts the embedded database when it is not. */
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://127.0.0.1:1/none" },
});
