package org.dti4j.serve;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Connections that can be asked whether their client has left. Jetty does not read from a connection while its request waits for an answer,
 * and so does not notice. A client that ends its sending side counts as one that left.
 */
final class WatchedConnector extends ServerConnector {
    WatchedConnector(Server server, ConnectionFactory... protocols) {
        super(server, protocols);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        WatchedEndPoint end = new WatchedEndPoint(channel, selector, key, getScheduler());
        end.setIdleTimeout(getIdleTimeout());
        return end;
    }

    /** Whether the client of a request has left; only while the request is not answered. */
    static BooleanSupplier gone(Context context) {
        EndPoint end = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        while (end instanceof EndPoint.Wrapper wrapper) { // what TLS puts around it
            end = wrapper.unwrap();
        }
        return end instanceof WatchedEndPoint watched ? watched::gone : () -> false;
    }

    private static final class WatchedEndPoint extends SocketChannelEndPoint {
        /** What was read in order to look; Jetty gets it first. */
        private final ByteBuffer ahead = ByteBuffer.allocate(512).flip();

        private boolean ended;

        WatchedEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        synchronized boolean gone() {
            if (!ended) {
                ahead.compact();
                try {
                    ended = !isOpen() || (ahead.hasRemaining() && getChannel().read(ahead) < 0);
                } catch (IOException e) { // reset by the client
                    ended = true;
                }
                ahead.flip();
            }
            return ended;
        }

        @Override
        public synchronized int fill(ByteBuffer buffer) throws IOException {
            if (!ahead.hasRemaining()) {
                return super.fill(buffer);
            }
            int place = BufferUtil.flipToFill(buffer);
            try {
                return BufferUtil.put(ahead, buffer);
            } finally {
                BufferUtil.flipToFlush(buffer, place);
            }
        }

        /** What was read already will not make the socket readable again. */
        @Override
        protected synchronized void needsFillInterest() {
            if (ahead.hasRemaining()) {
                getFillInterest().fillable();
            } else {
                super.needsFillInterest();
            }
        }
    }
}
