# One image for API (the default), worker, migrate and create-superuser: docs/deploying.md.

FROM node:24-bookworm-slim AS build
WORKDIR /app
RUN chown node:node /app
USER node
COPY --chown=node:node package.json package-lock.json .npmrc ./
COPY --chown=node:node scripts/install-hooks.mjs scripts/
COPY --chown=node:node tools tools
RUN npm ci --no-audit --no-fund
COPY --chown=node:node .swcrc nest-cli.json tsconfig.json ./
COPY --chown=node:node scripts/build.mjs scripts/
COPY --chown=node:node migrations migrations
COPY --chown=node:node src src
RUN npm run build

# For the services dev and tests of docker-compose.yml.
FROM build AS development
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends procps redis-server \
 && rm -rf /var/lib/apt/lists/*
USER node
COPY --chown=node:node . .
CMD ["npm", "run", "dev"]

# What the program never opens goes: of ReDoc all but its bundle and the licences of what is in it, of
# OpenTelemetry, TypeORM and the SDK of S3 what is for bundlers, and the types, maps and manuals of all packages.
FROM build AS modules
RUN mv node_modules/redoc . \
 && npm pkg delete dependencies.redoc \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && mkdir -p node_modules/redoc/bundles \
 && mv redoc/LICENSE node_modules/redoc \
 && mv redoc/bundles/redoc.standalone.js redoc/bundles/redoc.standalone.js.LICENSE.txt node_modules/redoc/bundles \
 && rm -rf node_modules/typescript node_modules/@types node_modules/typeorm/browser \
 && rm -rf node_modules/@opentelemetry/*/build/esm node_modules/@opentelemetry/*/build/esnext \
 && rm -rf node_modules/@aws-sdk/*/dist-es node_modules/@smithy/*/dist-es \
 && find node_modules dist -type f \( -name '*.map' -o -name '*.ts' -o -name '*.[cm]ts' -o -name '*.md' \) \
      ! -iname 'licen[cs]e*' -delete \
 && find node_modules -type d -empty -delete

FROM node:24-bookworm-slim
# The program needs no package manager.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn* /usr/local/bin/corepack
ENV NODE_ENV=production ENVIRONMENT=production PORT=8000 METRICS_PORT=9090
# For volumes with the audit trail and with what programs keep, which take their owner from here.
RUN install -d -o 1000 -g 1000 -m 700 /audit /app/.data
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=modules /app/node_modules node_modules
COPY --from=modules /app/dist dist
USER 1000:1000
EXPOSE 8000 9090
HEALTHCHECK --interval=10s --timeout=5s --start-period=45s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.METRICS_PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
