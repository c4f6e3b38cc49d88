import { repository } from './stages.ts';

/** Images that servers use: stores, queues, proxies, sidecars, monitoring. By the last part of their name. */
const infrastructure = new Set(
  `adminer alertmanager alloy apisix arangodb aws-for-fluent-bit aws-otel-collector aws-xray-daemon azurite browserless cadvisor caddy cassandra chroma clickhouse
   clickhouse-server cloud-sql-proxy cloudflared cockroach consul couchbase couchdb dex dynamodb-local elasticsearch envoy etcd falkordb flower
   filebeat fluent-bit fluentd git-sync grafana grafana-image-renderer haproxy httpd influxdb jaeger kafka keycloak kibana kong
   localstack logstash loki mailhog mailpit mariadb meilisearch memcached milvus minio mongo mongo-express
   mongodb mosquitto mssql mysql nats neo4j nginx nginx-proxy node-exporter oauth2-proxy opensearch opensearch-dashboards
   opentelemetry-collector opentelemetry-collector-contrib otel-collector pgadmin4 pgbouncer pgvector phpmyadmin
   postgis postgres postgresql prometheus promtail proxyv2 pulsar pushgateway pyroscope qdrant rabbitmq ravendb redis
   redis-commander redis-stack redis-stack-server redisinsight registry rethinkdb searxng seaweedfs selenium
   server-jre standalone-chrome surrealdb tempo timescaledb timescaledb-ha traefik typesense unbound valkey vault
   vector victoria-metrics weaviate zipkin zookeeper`.split(/\s+/),
);

/** Whether an image is, by its name, something that a server uses. */
export function isInfrastructure(image: string): boolean {
  return infrastructure.has(repository(image).split('/').at(-1) ?? '');
}
