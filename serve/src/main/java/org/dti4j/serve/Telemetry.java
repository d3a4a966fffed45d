package org.dti4j.serve;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.dti4j.run.CacheUse;
import org.dti4j.run.ItemUse;

/** What is counted, in the form that Prometheus reads. */
final class Telemetry {
    private static final String ROUTE = "dti.route";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DistributionSummary batches = DistributionSummary.builder("dti.batch.requests")
            .description("Requests answered by one batch")
            .register(registry);
    private final Counter leftOut = Counter.builder("dti.history.left.out")
            .description("Interactions of stored histories that were not read, since the run does not know their items")
            .register(registry);

    private final Counter stopped = Counter.builder("dti.batch.stopped")
            .description("Batches that ended early, since nobody waited for their answers any more")
            .register(registry);

    void batch(int requests) {
        batches.record(requests);
    }

    void leftOut(int interactions) {
        leftOut.increment(interactions);
    }

    void stopped() {
        stopped.increment();
    }

    void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** What the server's parts say of themselves. */
    void watch(Models models, Users users, Batcher batcher) {
        gauge("dti.queue", "Requests that wait", batcher::waiting);
        gauge("dti.users", "Users whose histories are in memory", users::size);
        gauge(
                "dti.cache.bytes",
                "Bytes of kept keys and values",
                () -> models.cacheUse().bytes());
        gauge(
                "dti.cache.histories",
                "Histories whose keys and values are kept",
                () -> models.cacheUse().histories());
        counter("dti.cache.found", "Histories that were kept", models, CacheUse::found);
        counter("dti.cache.continued", "Histories that went on with a kept one", models, CacheUse::continued);
        counter("dti.cache.read", "Histories that were read from their start", models, CacheUse::read);
        gauge(
                "dti.items.bytes",
                "Bytes of keys and values of items that users share",
                () -> models.itemUse().bytes());
        items("dti.items.found", "Tokens of items that were kept", models, ItemUse::found);
        items("dti.items.computed", "Tokens of items that were computed", models, ItemUse::computed);
        items("dti.items.damaged", "Kept tokens of items that were damaged", models, ItemUse::damaged);
    }

    /** Of something that only grows. */
    private void counter(String name, String description, Models models, ToDoubleFunction<CacheUse> value) {
        FunctionCounter.builder(name, models, of -> value.applyAsDouble(of.cacheUse()))
                .description(description)
                .register(registry);
    }

    private void items(String name, String description, Models models, ToDoubleFunction<ItemUse> value) {
        FunctionCounter.builder(name, models, of -> value.applyAsDouble(of.itemUse()))
                .description(description)
                .register(registry);
    }

    /** Says which route a request takes: the pattern, so that names of users make no meters. */
    static void route(Context context, String pattern) {
        context.attribute(ROUTE, pattern);
    }

    void request(Context context, double millis) {
        Object route = context.attribute(ROUTE);
        Timer.builder("dti.requests")
                .description("Requests by route and status")
                .tag("route", route == null ? "none" : route.toString())
                .tag("status", Integer.toString(context.statusCode()))
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1e6)));
    }

    String scrape() {
        return registry.scrape();
    }

    void close() {
        registry.close();
    }
}
