package org.dti4j.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers in threads of one process, over real connections of the loopback. */
@Timeout(60)
class RingTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void theSumIsThatInTheOrderOfRanksBitForBit(int size) throws Exception {
        int length = 3 * Ring.CHUNK / Float.BYTES + 17; // several chunks, the last one short
        List<float[]> values = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            values.add(random(rank, length));
        }
        float[] expected = values.get(0).clone();
        for (int rank = 1; rank < size; rank++) {
            for (int i = 0; i < length; i++) {
                expected[i] += values.get(rank)[i];
            }
        }
        List<float[]> found = together(size, LONG, peers -> {
            float[] own = values.get(peers.rank()).clone();
            peers.sum(own);
            return own;
        });
        assertThat(found)
                .allSatisfy(sums -> assertThat(Arrays.equals(sums, expected)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void allHearWhatTheFirstSays(int size) throws Exception {
        List<List<Object>> heard = together(size, LONG, peers -> {
            List<Object> said = new ArrayList<>();
            said.add(peers.fromFirst(peers.rank() + Math.PI));
            said.add(String.valueOf(peers.fromFirst(peers.first() ? "né à 5 €" : "something else")));
            said.add(String.valueOf(peers.fromFirst((String) null)));
            return said;
        });
        assertThat(heard).containsOnly(List.of(Math.PI, "né à 5 €", "null")).hasSize(size);
    }

    @Test
    void aThousandSmallSumsFollowEachOther() throws Exception {
        List<Double> totals = together(4, LONG, peers -> {
            double total = 0;
            for (int i = 0; i < 1000; i++) {
                double[] value = {peers.rank() + i};
                peers.sum(value);
                total += value[0];
            }
            return total;
        });
        assertThat(totals).containsOnly(4.0 * 999 * 500 + 6 * 1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nobodyWaitsForOneThatLeaves(int leaver) throws Exception {
        List<String> ends = together(3, LONG, peers -> {
            if (peers.rank() == leaver) {
                peers.close();
                return "left";
            }
            assertThatThrownBy(() -> peers.sum(random(1, 1_000_000)))
                    .isInstanceOfSatisfying(
                            PeerLost.class, lost -> assertThat(lost.rank()).isNotEqualTo(peers.rank()))
                    .hasMessageContaining("has left, or the network to it is cut");
            return "lost";
        });
        assertThat(ends).containsExactlyInAnyOrder("left", "lost", "lost");
    }

    @Test
    void aPeerThatComputesForLongerThanThePatienceIsWaitedFor() throws Exception {
        List<Double> sums = together(2, Duration.ofMillis(400), peers -> {
            if (peers.rank() == 1) {
                sleep(1500);
            }
            return peers.fromFirst(7);
        });
        assertThat(sums).containsExactly(7.0, 7.0);
    }

    @Test
    void aPeerOfAnotherRunIsRefusedAndTheRunWaitsForTheRightOne() throws Exception {
        Rendezvous first = new Rendezvous(0, 2, "127.0.0.1", 0, LONG, LONG);
        try (ServerSocket listening = first.listen()) {
            int port = listening.getLocalPort();
            ExecutorService threads = Executors.newCachedThreadPool();
            Future<Peers> gathered =
                    threads.submit(() -> first.gather(listening, "a run", System::nanoTime, () -> false));
            assertThatThrownBy(() -> peer(1, 2, port).meet("another run", System::nanoTime, () -> false))
                    .isInstanceOf(UserException.class)
                    .hasMessage("rank 1: its run is not that of rank 0, must have the same configuration and the "
                            + "same prepared data");
            assertThatThrownBy(() -> peer(1, 3, port).meet("a run", System::nanoTime, () -> false))
                    .isInstanceOf(UserException.class)
                    .hasMessage("nodes = 3, must be 2, as rank 0 has it");
            try (Peers right = peer(1, 2, port).meet("a run", System::nanoTime, () -> false);
                    Peers zero = gathered.get()) {
                assertThat(right.size()).isEqualTo(2);
                assertThat(zero.rank()).isZero();
            }
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void gloosSumIsTheSameForAllAndItsDoublesAreTheRings(int size) throws Exception {
        int length = 100_003;
        double[] expected = new double[length];
        for (int rank = 0; rank < size; rank++) {
            float[] own = random(rank, length);
            for (int i = 0; i < length; i++) {
                expected[i] += own[i];
            }
        }
        List<float[]> found = together(size, LONG, met -> {
            float[] own = random(met.rank(), length);
            double[] ranks = {met.rank()};
            try (Peers peers = Collective.GLOO.over(met)) {
                peers.sum(own);
                peers.sum(ranks);
            }
            assertThat(ranks[0]).isEqualTo(size * (size - 1) / 2.0);
            return own;
        });
        for (float[] sums : found) {
            assertThat(sums).containsExactly(found.get(0));
            for (int i = 0; i < length; i++) {
                assertThat((double) sums[i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    @Test
    void peersThatSumInDifferentWaysAreToldSo() throws Exception {
        List<String> told = together(2, LONG, met -> {
            Collective own = met.first() ? Collective.RING : Collective.GLOO;
            return String.valueOf(catchThrowable(() -> own.over(met)).getMessage());
        });
        assertThat(told)
                .containsExactly(
                        "--collective = ring, must be the same at all nodes, and is not",
                        "--collective = gloo, must be the same at all nodes, and is not");
    }

    @Test
    void withoutGpusNcclIsRefusedByAll() throws Exception {
        assumeFalse(torch.cuda_is_available());
        List<String> told = together(
                2,
                LONG,
                met -> String.valueOf(
                        catchThrowable(() -> Collective.NCCL.over(met)).getMessage()));
        assertThat(told)
                .hasSize(2)
                .allMatch(message -> message.startsWith("--collective = nccl, must be ring or gloo: "));
    }

    /** Has never been run: it needs two GPUs. */
    @Test
    void ncclSumsWhereTheTensorsLie() throws Exception {
        assumeTrue(torch.cuda_is_available() && torch.cuda_device_count() >= 2);
        List<float[]> sums = together(2, LONG, met -> {
            try (Scope scope = Scope.open();
                    Peers peers = Collective.NCCL.over(met)) {
                Placement gpu = new Placement(Precision.FLOAT32, "cuda:" + peers.rank());
                Tensor tensor = gpu.floats(new float[] {1.5f + peers.rank(), 1}, 2);
                assertThat(peers.sumInPlace(List.of(tensor, tensor.clone()))).isTrue();
                return Tensors.toFloats(tensor);
            }
        });
        assertThat(sums).allSatisfy(each -> assertThat(each).containsExactly(4.0f, 2.0f));
    }

    @Test
    void aStrangerIsHungUpOn() throws Exception {
        Rendezvous first = new Rendezvous(0, 2, "127.0.0.1", 0, LONG, LONG);
        try (ServerSocket listening = first.listen()) {
            ExecutorService threads = Executors.newCachedThreadPool();
            Future<Peers> gathered =
                    threads.submit(() -> first.gather(listening, "a run", System::nanoTime, () -> false));
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(endOf(stranger)).isTrue();
            }
            try (Peers right = peer(1, 2, listening.getLocalPort()).meet("a run", System::nanoTime, () -> false);
                    Peers zero = gathered.get()) {
                assertThat(zero.size()).isEqualTo(right.size());
            }
            threads.shutdownNow();
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true; // reset, since what it said was not read
        }
    }

    @Test
    void whoWaitsInVainIsToldForWhom() throws Exception {
        Rendezvous first = new Rendezvous(0, 3, "127.0.0.1", 0, Duration.ofMillis(200), LONG);
        try (ServerSocket listening = first.listen()) {
            assertThatThrownBy(() -> first.gather(listening, "a run", System::nanoTime, () -> false))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("for rank 1, rank 2; start all nodes with the same --nodes and --rendezvous");
        }
        assertThatThrownBy(() -> new Rendezvous(2, 2, "", 99999, LONG, LONG))
                .isInstanceOfSatisfying(
                        UserException.class,
                        mistake -> assertThat(mistake.problems()).hasSize(3));
    }

    private static Rendezvous peer(int rank, int size, int port) {
        return new Rendezvous(rank, size, "127.0.0.1", port, LONG, LONG);
    }

    /** What each peer comes to, in the order of ranks. */
    private static <T> List<T> together(int size, Duration patience, Function<Peers, T> work)
            throws IOException, InterruptedException, ExecutionException {
        Rendezvous first = new Rendezvous(0, size, "127.0.0.1", 0, LONG, patience);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerSocket listening = first.listen()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                Rendezvous own = new Rendezvous(rank, size, "127.0.0.1", listening.getLocalPort(), LONG, patience);
                futures.add(threads.submit(() -> {
                    try (Peers peers = own.rank() == 0 && size > 1
                            ? own.gather(listening, "a run", System::nanoTime, () -> false)
                            : own.meet("a run", System::nanoTime, () -> false)) {
                        return work.apply(peers);
                    }
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[] random(long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (random.nextDouble() - 0.5);
        }
        return values;
    }
}
