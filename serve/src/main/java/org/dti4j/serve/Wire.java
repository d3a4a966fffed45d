package org.dti4j.serve;

import io.javalin.config.JettyConfig;
import java.nio.file.Files;
import org.dti4j.problem.UserException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How requests come in: sockets, TLS, threads. */
final class Wire {
    private static final int MOST_THREADS = 64;
    private static final int FRAMING = 64;

    private Wire() {}

    /** @throws UserException if the keystore cannot be opened */
    static void setUp(JettyConfig jetty, ServeConfig config) {
        jetty.threadPool = new QueuedThreadPool(MOST_THREADS, 4);
        jetty.modifyHttpConfiguration(of -> of.setSendServerVersion(false));
        Listening.Keystore keystore = config.listening().keystore();
        SslContextFactory.Server tls = keystore == null ? null : opened(keystore);
        jetty.addConnector((server, http) ->
                connector(tls == null ? plain(server, http) : secured(server, http, tls), config.listening()));
        // bodies are there whole before a thread is given to a request: clients that send slowly hold up nobody
        jetty.modifyServer(server -> server.insertHandler(new EagerContentHandler(
                new RetainedContentLoaderFactory(config.limits().bodyBytes() + 1L, FRAMING, false))));
    }

    private static WatchedConnector plain(Server server, HttpConfiguration http) {
        return new WatchedConnector(server, new HttpConnectionFactory(http));
    }

    private static WatchedConnector secured(Server server, HttpConfiguration http, SslContextFactory.Server tls) {
        HttpConfiguration secure = new HttpConfiguration(http);
        secure.addCustomizer(new SecureRequestCustomizer(false)); // the name of the host is the client's to check
        return new WatchedConnector(
                server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(secure));
    }

    private static Connector connector(WatchedConnector connector, Listening listening) {
        connector.setHost(listening.host());
        connector.setPort(listening.port());
        return connector;
    }

    private static SslContextFactory.Server opened(Listening.Keystore keystore) {
        if (!Files.isRegularFile(keystore.file())) {
            throw new UserException("--keystore %s: no such file".formatted(keystore.file()));
        }
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keystore.file().toAbsolutePath().toString());
        tls.setKeyStorePassword(keystore.password());
        try {
            tls.start();
            return tls;
        } catch (Exception e) { // Jetty declares no narrower one
            throw new UserException(
                    "--keystore %s: cannot be opened (%s), must be a PKCS #12 file with a key, of the given password"
                            .formatted(keystore.file(), e.getMessage()),
                    e);
        }
    }
}
