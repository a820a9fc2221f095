# A brick in a container. Data (files, and the embedded database where there is no DATABASE_URL) live in /data.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY config config
COPY schemas schemas
COPY migrations migrations
COPY harvester harvester
COPY server server
COPY demo demo
COPY bench bench
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    CAMPA_HOST=0.0.0.0 \
    CAMPA_PORT=8080 \
    CAMPA_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/vendor vendor
COPY --from=build /app/schemas/profiles schemas/profiles
COPY --from=build /app/server/web/static server/web/static
COPY --from=build /app/server/iiif/open-viewer.js server/iiif/open-viewer.js
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/campa.js"]
CMD ["start"]
