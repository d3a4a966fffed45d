package org.dti4j.serve;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run behind HTTP; docs/scoring.md says what it answers. */
public final class ScoringServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScoringServer.class);
    private static final String COUNTED = "dti.counted";
    private static final int ANSWERING_THREADS = 8;
    private static final long STOP_SECONDS = 30;

    private final Models models;
    private final Users users;
    private final Batcher batcher;
    private final Telemetry telemetry = new Telemetry();
    private final AtomicInteger underWay = new AtomicInteger();
    private final ExecutorService answers = Executors.newFixedThreadPool(ANSWERING_THREADS);
    private final Guard guard;
    private final Javalin http;
    private volatile boolean stopping;

    private ScoringServer(ServeConfig config, Supplier<ClickScorer> opener) {
        guard = new Guard(config.listening());
        Path store = config.store();
        users = new Users(config.limits().users(), store == null ? null : UserStore.open(store));
        models = opened(opener);
        batcher = new Batcher(models, config.batching(), telemetry::batch, telemetry::leftOut, telemetry::stopped);
        telemetry.watch(models, users, batcher);
        telemetry.gauge("dti.underway", "Requests that are not answered yet", underWay::get);
        Scoring scoring = new Scoring(config.limits(), models, users, batcher, answers);
        http = Javalin.create(setup -> {
            setUp(setup, config);
            routes(setup, scoring, new Kserve(config.limits(), scoring));
        });
    }

    private Models opened(Supplier<ClickScorer> opener) {
        try {
            return new Models(opener);
        } catch (RuntimeException e) {
            users.close();
            throw e;
        }
    }

    /**
     * Opens the run and listens.
     *
     * @param opener opens the run folder; asked again when the model is to be exchanged
     * @throws UserException if the port is taken
     */
    public static ScoringServer start(ServeConfig config, Supplier<ClickScorer> opener) {
        ScoringServer server = new ScoringServer(config, opener);
        try {
            server.http.start();
            return server;
        } catch (RuntimeException e) {
            server.release();
            throw new UserException(
                    "cannot listen on %s, port %d: %s"
                            .formatted(
                                    config.listening().host(),
                                    config.listening().port(),
                                    e.getMessage()),
                    e);
        }
    }

    /**
     * Opens the run folder again, as POST /v1/admin/reload does: no request is dropped.
     *
     * @return how often it has been opened
     */
    public long reload() {
        return models.reload();
    }

    /** The port that it listens on. */
    public int port() {
        return http.port();
    }

    private void setUp(JavalinConfig setup, ServeConfig config) {
        setup.startup.showJavalinBanner = false;
        setup.startup.showOldJavalinVersionWarning = false;
        setup.startup.startupWatcherEnabled = false;
        setup.http.prefer405over404 = true;
        setup.http.asyncTimeout = 2 * config.batching().timeout().toMillis() + 1000;
        Wire.setUp(setup.jetty, config);
        setup.requestLogger.http((context, millis) -> {
            telemetry.request(context, millis);
            if (context.attribute(COUNTED) != null) {
                underWay.decrementAndGet();
            }
        });
    }

    private void routes(JavalinConfig setup, Scoring scoring, Kserve kserve) {
        setup.routes.before(context -> {
            context.attribute(COUNTED, true);
            underWay.incrementAndGet();
            secure(context);
            guard.check(context);
        });
        route(setup, HandlerType.POST, "/v1/score", scoring::score);
        route(setup, HandlerType.POST, "/v1/rerank", scoring::rerank);
        route(setup, HandlerType.POST, "/v1/users/{id}/interactions", scoring::append);
        route(setup, HandlerType.GET, "/v1/users/{id}/interactions", scoring::history);
        route(setup, HandlerType.DELETE, "/v1/users/{id}", scoring::forget);
        route(setup, HandlerType.GET, "/v1/items", new Items(models)::search);
        route(setup, HandlerType.POST, "/v1/admin/reload", scoring::reload);
        route(setup, HandlerType.GET, "/v2", kserve::server);
        route(setup, HandlerType.GET, "/v2/health/live", kserve::live);
        route(setup, HandlerType.GET, "/v2/health/ready", this::ready);
        route(setup, HandlerType.GET, "/v2/models/{model}", kserve::model);
        route(setup, HandlerType.GET, "/v2/models/{model}/ready", kserve::ready);
        route(setup, HandlerType.POST, "/v2/models/{model}/infer", kserve::infer);
        route(setup, HandlerType.GET, "/healthz", kserve::live);
        route(setup, HandlerType.GET, "/readyz", this::ready);
        route(
                setup,
                HandlerType.GET,
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4").result(telemetry.scrape()));
        resource(setup, "/openapi.json", "openapi.json", "application/json");
        resource(setup, "/", "page.html", "text/html; charset=utf-8");
        resource(setup, "/page.js", "page.js", "text/javascript; charset=utf-8");
        resource(setup, "/page.css", "page.css", "text/css; charset=utf-8");
        setup.routes.exception(HttpResponseException.class, (failure, context) -> {
            if (failure.getStatus() == 405) { // Javalin's one detail is which methods there are
                context.header("Allow", String.join(", ", failure.getDetails().values()));
            }
            Json.answer(context, problem(failure));
        });
        setup.routes.exception(Exception.class, (failure, context) -> Json.answer(context, problem(failure)));
    }

    private static void route(JavalinConfig setup, HandlerType method, String pattern, Handler handler) {
        setup.routes.addEndpoint(new Endpoint(method, pattern, context -> {
            Telemetry.route(context, pattern);
            handler.handle(context);
        }));
    }

    private static void resource(JavalinConfig setup, String pattern, String name, String type) {
        byte[] content = bytes(name);
        route(
                setup,
                HandlerType.GET,
                pattern,
                context -> context.contentType(type).result(content));
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Objects.requireNonNull(ScoringServer.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void secure(Context context) {
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Cache-Control", "no-store");
        context.header(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    }

    private void ready(Context context) {
        if (stopping) {
            throw new Problem(503, "Stopping", "the server stops");
        }
        if (!users.writable()) {
            throw new Problem(
                    503, "Not writable", "users' histories could not be written; the server must be restarted");
        }
        Json.answer(context, 200, Map.of("ready", true));
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return problem(failure.getCause());
        }
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof UserException mistake) {
            return Problem.invalid(mistake.problems());
        }
        if (failure instanceof HttpResponseException known) {
            return new Problem(
                    known.getStatus(), "Not possible", known.getMessage() + " (/openapi.json says what there is)");
        }
        LOG.error("a request failed", failure);
        return new Problem(500, "Fault of the server", "the server's log says more");
    }

    /** Takes nothing more, answers what it accepted, then closes the port and the model. */
    @Override
    public void close() {
        stopping = true;
        batcher.close(); // answers what waits
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (underWay.get() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        http.stop();
        release();
    }

    private void release() {
        batcher.close();
        answers.shutdown();
        models.close();
        users.close();
        telemetry.close();
    }
}
