package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.dti4j.distribute.Collective;
import org.dti4j.distribute.Rendezvous;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Who trains with whom, by options and by torchrun's variables. */
class PeerOptionsTest {
    private static final Map<String, String> TORCHRUN =
            Map.of("WORLD_SIZE", "4", "RANK", "3", "MASTER_ADDR", "10.0.0.7", "MASTER_PORT", "29500");

    @TempDir
    private Path folder;

    private static Rendezvous parsed(Map<String, String> environment, String... options) {
        return options(environment, options).rendezvous();
    }

    private static PeerOptions options(Map<String, String> environment, String... options) {
        PeerOptions parsed = new PeerOptions(environment);
        CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
        spec.addMixin("peers", CommandLine.Model.CommandSpec.forAnnotatedObject(parsed));
        new CommandLine(spec).parseArgs(options);
        return parsed;
    }

    @Test
    void theRingSumsUnlessAnotherIsNamed() {
        assertThat(options(Map.of()).collective()).isEqualTo(Collective.RING);
        assertThat(options(Map.of(), "--collective", "gloo").collective()).isEqualTo(Collective.GLOO);
        assertThatThrownBy(() -> options(Map.of(), "--collective", "mpi").collective())
                .isInstanceOf(UserException.class)
                .hasMessage("--collective = mpi, must be one of ring, gloo, nccl");
    }

    @Test
    void torchrunsVariablesAreUnderstoodAndOptionsWin() {
        assertThat(parsed(Map.of()).size()).isEqualTo(1);
        assertThat(parsed(TORCHRUN)).isEqualTo(Rendezvous.at(3, 4, "10.0.0.7", 29500));
        assertThat(parsed(TORCHRUN, "--nodes", "2", "--rank", "1", "--rendezvous", "[::1]:7000"))
                .isEqualTo(Rendezvous.at(1, 2, "::1", 7000));
        assertThat(parsed(TORCHRUN, "--nodes", "1").size()).isEqualTo(1);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> parsed(Map.of(), "--nodes", "2"))
                .isInstanceOf(UserException.class)
                .hasMessage("--rank is missing, must be given, or the variable RANK must say it, which is \"\"");
        assertThatThrownBy(() -> parsed(Map.of(), "--nodes", "2", "--rank", "0"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "--rendezvous = :, must be HOST:PORT of rank 0, or the variables MASTER_ADDR and MASTER_PORT must say it");
        assertThatThrownBy(() -> parsed(Map.of(), "--nodes", "2", "--rank", "2", "--rendezvous", "a:1"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("rank = 2, must be from 0 to one less than the number of nodes");
    }

    @Test
    void aRunOfAnotherConfigurationIsRefusedAndTheRightOneTrainsToTheEnd() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti, context: 4}
                model: {threads: 1}
                train: {maxTargets: 40, targetsPerStep: 20, validationTargets: 20, tokensPerMicroBatch: 500}
                evaluate: {maxTargets: 20}
                prepared: %s
                """.formatted(folder.resolve("prepared")))
                .toString();
        Terminal preparing = new Terminal();
        assertThat(preparing.run("prepare", config)).as(preparing.err()).isZero();
        String place = "127.0.0.1:" + freePort();
        Terminal zero = new Terminal();
        CompletableFuture<Integer> first =
                CompletableFuture.supplyAsync(() -> zero.run(arguments(config, place, 0, "zero", "1")));
        Terminal other = new Terminal();
        assertThat(other.run(arguments(config, place, 1, "one", "2"))).isEqualTo(2);
        assertThat(other.err()).contains("rank 1: its run is not that of rank 0");
        assertThat(other.run(arguments(config, place, 1, "one", "1")))
                .as(other.err())
                .isZero();
        assertThat(other.out()).contains("rank 1: 40 targets were trained together; rank 0 has the run folder");
        assertThat(first.join()).as(zero.err()).isZero();
        assertThat(zero.out()).contains("test");
        assertThat(folder.resolve("one")).doesNotExist();
        assertThat(folder.resolve("zero")).isDirectoryContaining("glob:**/metrics.json");
    }

    private String[] arguments(String config, String place, int rank, String out, String seed) {
        return new String[] {
            "train",
            config,
            "--nodes",
            "2",
            "--rank",
            Integer.toString(rank),
            "--rendezvous",
            place,
            "--set",
            "out=" + folder.resolve(out),
            "--set",
            "train.seed=" + seed
        };
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
