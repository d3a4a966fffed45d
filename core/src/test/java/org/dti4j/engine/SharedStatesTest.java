package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dti4j.model.TestModels.difference;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.method.TestMethods;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Placement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Isolated interactions are computed once for all users, and nobody can tell but by the clock. */
final class SharedStatesTest {
    private static final double ROUNDING = 1e-5;
    private static final int[] WORDS = {3, 17, 41};
    private static final Method ISOLATED = TestMethods.named("dti-isolated");
    private static final long PLENTY = 1 << 20;

    @TempDir
    private Path folder;

    /** Users with items in common, and the model that reads them. */
    private record Case(LlamaConfig shape, Method method) {
        private Prompt user(int user) {
            Prompt some = new RandomPrompts(1, shape.vocabulary()).prompt(9, 1);
            int n = some.interactions();
            return new Prompt(
                    some.prefix(),
                    IntStream.range(0, n)
                            .mapToObj(i -> some.item((i + user) % n))
                            .toArray(int[][]::new),
                    IntStream.range(0, n)
                            .mapToObj(i -> some.feedback((i + user * user) % n))
                            .toArray(int[][]::new),
                    some.firstTarget(),
                    new boolean[n]);
        }

        private Branches branches(Llama model, @Nullable SharedStates shared) {
            return new Branches(model, null, method, user(0).prefix(), RandomPrompts.SUM_ID, shared);
        }

        private SharedStates inMemory(long bytes) {
            return SharedStates.inMemory(shape, Placement.CPU_FLOAT32, bytes);
        }

        private float[] answers(Branches branches, int user) {
            Prompt prompt = user(user);
            int[][] history = IntStream.range(0, 7)
                    .mapToObj(i -> IntStream.concat(Arrays.stream(prompt.item(i)), Arrays.stream(prompt.feedback(i)))
                            .toArray())
                    .toArray(int[][]::new);
            int[][] items = IntStream.range(5, 10).mapToObj(prompt::item).toArray(int[][]::new);
            try (UserStream empty = branches.empty();
                    UserStream some = branches.append(empty, Arrays.copyOf(history, 4));
                    UserStream stream = branches.append(some, Arrays.copyOfRange(history, 4, 7))) {
                return branches.logits(stream, items, WORDS);
            }
        }

        /** Without anything shared, by {@link BranchesTest} equal to a pass over the whole stream. */
        private List<float[]> afresh(Llama model, int users) {
            try (Branches plain = branches(model, null)) {
                return IntStream.range(0, users)
                        .mapToObj(user -> answers(plain, user))
                        .toList();
            }
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (LlamaConfig shape : TestModels.SHAPES) {
            cases.add(new Case(shape, ISOLATED));
            cases.add(new Case(shape, TestMethods.withReset(ISOLATED, true)));
            cases.add(new Case(shape, TestMethods.withAlibiPrefixDistance(ISOLATED)));
        }
        return cases;
    }

    /** They are padded in parts, and come back in their order. */
    @Test
    void interactionsOfVeryUnlikeLengthAreReadAsIfEachWereReadAlone() {
        Case shared = new Case(TestModels.TINY, ISOLATED);
        Random random = new Random(4);
        int[][] interactions = IntStream.range(0, 12)
                .mapToObj(i -> random.ints(1 + random.nextInt(60), 10, 50).toArray())
                .toArray(int[][]::new);
        assertThat(Padding.parts(
                        Arrays.stream(interactions).mapToInt(ids -> ids.length).toArray()))
                .hasSizeGreaterThan(1);
        int[][] items = {{11, 12, 13}};
        try (Llama model = TestModels.frozen(shared.shape());
                SharedStates states = shared.inMemory(PLENTY);
                Branches plain = shared.branches(model, null);
                Branches sharing = shared.branches(model, states);
                UserStream none = plain.empty();
                UserStream expected = plain.append(none, interactions);
                UserStream found = sharing.append(none, interactions)) {
            assertThat(difference(sharing.logits(found, items, WORDS), plain.logits(expected, items, WORDS)))
                    .isLessThan(ROUNDING);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void usersThatShareItemsAreAnsweredAsIfEachWereReadAfresh(Case random) {
        try (Llama model = TestModels.frozen(random.shape());
                SharedStates shared = random.inMemory(PLENTY);
                Branches branches = random.branches(model, shared)) {
            List<float[]> expected = random.afresh(model, 6);
            long computed = 0;
            for (int round = 0; round < 2; round++) {
                computed = shared.use().computed();
                for (int user = 0; user < 6; user++) {
                    assertThat(difference(random.answers(branches, user), expected.get(user)))
                            .as("%s, user %d", random, user)
                            .isLessThan(ROUNDING);
                }
            }
            assertThat(computed).isPositive();
            assertThat(shared.use().computed()).as("in the second round").isEqualTo(computed);
        }
    }

    @Test
    void anItemsTokensAreTheSameWhateverBecameOfIt() {
        Case random = cases().get(0);
        try (Llama model = TestModels.frozen(random.shape());
                SharedStates shared = random.inMemory(PLENTY);
                Branches branches = random.branches(model, shared);
                UserStream empty = branches.empty()) {
            branches.append(empty, new int[][] {{5, 6, 7, 8}}).close();
            branches.append(empty, new int[][] {{5, 6, 7, 9, 10}}).close();
            assertThat(shared.use().tokens()).as("5 6 7, then 8, then 9 10").isEqualTo(6);
            long computed = shared.use().computed();
            branches.logits(empty, new int[][] {{5, 6, 7}}, WORDS);
            assertThat(shared.use().computed()).as("as a candidate").isEqualTo(computed);
            branches.logits(empty, new int[][] {{6, 7}}, WORDS);
            assertThat(shared.use().computed()).as("another beginning").isEqualTo(computed + 2);
        }
    }

    /** Isolation and a fixed prefix distance are the conditions; without either, states depend on what precedes them. */
    @Test
    void methodsWhoseInteractionsDependOnWhatPrecedesThemAreRefused() {
        Case random = new Case(TestModels.TINY, TestMethods.named("dti"));
        try (Llama model = TestModels.frozen(random.shape());
                SharedStates shared = random.inMemory(PLENTY)) {
            assertThatThrownBy(() -> random.branches(model, shared)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsKeptStaysWithinItsBoundAndTheLongestUnusedGoesFirst() {
        Case random = cases().get(0);
        try (Llama model = TestModels.frozen(random.shape())) {
            List<float[]> expected = random.afresh(model, 6);
            for (long bytes : new long[] {1, 5_000, 20_000}) {
                try (SharedStates shared = random.inMemory(bytes);
                        Branches branches = random.branches(model, shared)) {
                    for (int user = 0; user < 12; user++) {
                        assertThat(difference(random.answers(branches, user % 6), expected.get(user % 6)))
                                .isLessThan(ROUNDING);
                        assertThat(shared.use().bytes()).isLessThanOrEqualTo(Math.max(bytes, 384));
                    }
                }
            }
            int tokens = 8;
            try (SharedStates shared = random.inMemory(tokens * (384 + 32L));
                    Branches branches = random.branches(model, shared);
                    UserStream empty = branches.empty()) {
                for (int[] item : new int[][] {{1, 2, 3, 4}, {5, 6, 7, 8}, {1, 2, 3, 4}, {9, 10}}) {
                    branches.append(empty, new int[][] {item}).close();
                }
                long computed = shared.use().computed();
                branches.append(empty, new int[][] {{1, 2, 3, 4}}).close();
                assertThat(shared.use().computed()).as("was used since").isEqualTo(computed);
                branches.append(empty, new int[][] {{5, 6, 7, 8}}).close();
                assertThat(shared.use().computed()).as("was not").isEqualTo(computed + 4);
            }
        }
    }

    private SharedStates inFile(Case random, long bytes, List<String> notes) {
        return SharedStates.inFile(folder.resolve("items"), random.shape(), Placement.CPU_FLOAT32, bytes, notes::add);
    }

    @Test
    void aFileIsReadAfterARestart() throws IOException {
        Case random = cases().get(1);
        List<String> notes = new ArrayList<>();
        try (Llama model = TestModels.frozen(random.shape())) {
            List<float[]> expected = random.afresh(model, 3);
            for (int start = 0; start < 3; start++) {
                try (SharedStates shared = inFile(random, PLENTY, notes);
                        Branches branches = random.branches(model, shared)) {
                    for (int user = 0; user < 3; user++) {
                        assertThat(difference(random.answers(branches, user), expected.get(user)))
                                .isLessThan(ROUNDING);
                    }
                    if (start == 0) {
                        assertThat(shared.use().computed()).isPositive();
                    } else {
                        assertThat(shared.use().computed()).isZero();
                    }
                }
            }
            assertThat(Files.size(folder.resolve("items"))).isLessThanOrEqualTo(PLENTY + 64);
            try (SharedStates shared = inFile(random, PLENTY / 2, notes)) {
                assertThat(notes).singleElement().asString().contains("of another size");
                assertThat(shared.use().tokens()).isZero();
            }
        }
    }

    @Test
    void aDamagedTokenIsComputedAgainAndSaid() throws IOException {
        Case random = cases().get(0);
        try (Llama model = TestModels.frozen(random.shape())) {
            List<float[]> expected = random.afresh(model, 1);
            long tokens;
            try (SharedStates shared = inFile(random, PLENTY, new ArrayList<>());
                    Branches branches = random.branches(model, shared)) {
                random.answers(branches, 0);
                tokens = shared.use().tokens();
            }
            byte[] whole = Files.readAllBytes(folder.resolve("items"));
            long places = (whole.length - 64L) / (384 + 32);
            // in a content, in a key, in a checksum
            for (long at : new long[] {3 * 384 + 17, places * 384 + 5 * 32 + 3, places * 384 + 6 * 32 + 17}) {
                Files.write(folder.resolve("items"), whole);
                try (RandomAccessFile file =
                        new RandomAccessFile(folder.resolve("items").toFile(), "rw")) {
                    file.seek(at);
                    file.write(whole[(int) at] ^ 0x40);
                }
                List<String> notes = new ArrayList<>();
                try (SharedStates shared = inFile(random, PLENTY, notes);
                        Branches branches = random.branches(model, shared)) {
                    assertThat(difference(random.answers(branches, 0), expected.get(0)))
                            .isLessThan(ROUNDING);
                    assertThat(shared.use().computed()).isBetween(1L, tokens - 1);
                    boolean inKey = at == places * 384 + 5 * 32 + 3;
                    assertThat(notes).hasSize(inKey ? 0 : 1); // a wrong key is a token that nobody asks for
                    assertThat(shared.use().damaged()).isEqualTo(inKey ? 0 : 1);
                    notes.clear();
                    random.answers(branches, 0);
                    assertThat(notes).isEmpty();
                }
            }
        }
    }

    @Test
    void aTornOrForeignFileBeginsAnew() throws IOException {
        Case random = cases().get(0);
        Path file = folder.resolve("items");
        try (Llama model = TestModels.frozen(random.shape())) {
            try (SharedStates shared = inFile(random, PLENTY, new ArrayList<>());
                    Branches branches = random.branches(model, shared)) {
                random.answers(branches, 0);
            }
            byte[] whole = Files.readAllBytes(file);
            for (byte[] broken : List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), new byte[whole.length])) {
                Files.write(file, broken);
                List<String> notes = new ArrayList<>();
                try (SharedStates shared = inFile(random, PLENTY, notes)) {
                    assertThat(shared.use().tokens()).isZero();
                    assertThat(notes).singleElement().asString().contains("begins anew");
                }
            }
        }
    }

    @Test
    void threadsShareThemWhileTokensComeAndGo() throws Exception {
        Case random = cases().get(0);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Llama model = TestModels.frozen(random.shape());
                SharedStates shared = inFile(random, 12_000, new ArrayList<>());
                Branches branches = random.branches(model, shared)) {
            List<float[]> expected = random.afresh(model, 8);
            List<Future<float[]>> found = new ArrayList<>();
            for (int call = 0; call < 160; call++) {
                int user = call % 8;
                found.add(threads.submit(() -> random.answers(branches, user)));
            }
            for (int call = 0; call < found.size(); call++) {
                assertThat(difference(found.get(call).get(), expected.get(call % 8)))
                        .isLessThan(ROUNDING);
            }
            assertThat(shared.use().found()).isPositive();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void candidatesOfSeveralStreamsInOnePassAnswerAsEachAlone() {
        for (Method method : List.of(ISOLATED, TestMethods.named("dti"), TestMethods.named("dti-rope"))) {
            Case random = new Case(TestModels.TINY, method);
            Prompt prompt = random.user(0);
            int[][] items = IntStream.range(0, 10).mapToObj(prompt::item).toArray(int[][]::new);
            try (Llama model = TestModels.frozen(random.shape());
                    @Nullable SharedStates shared = method.isolatedItems() ? random.inMemory(PLENTY) : null;
                    Branches branches = random.branches(model, shared);
                    UserStream empty = branches.empty();
                    UserStream one = branches.append(empty, Arrays.copyOf(items, 2));
                    UserStream two = branches.append(empty, Arrays.copyOfRange(items, 2, 6))) {
                float[] together = branches.logits(
                        List.of(
                                new Branches.Candidates(one, List.of(items).subList(3, 7)),
                                new Branches.Candidates(two, List.of(items).subList(0, 1)),
                                new Branches.Candidates(empty, List.of(items).subList(2, 4))),
                        WORDS);
                float[] apart = new float[21];
                System.arraycopy(branches.logits(one, Arrays.copyOfRange(items, 3, 7), WORDS), 0, apart, 0, 12);
                System.arraycopy(branches.logits(two, Arrays.copyOfRange(items, 0, 1), WORDS), 0, apart, 12, 3);
                System.arraycopy(branches.logits(empty, Arrays.copyOfRange(items, 2, 4), WORDS), 0, apart, 15, 6);
                assertThat(difference(together, apart)).isLessThan(ROUNDING);
            }
        }
    }

    @Test
    void whatIsAllocatedIsFreed() {
        System.gc(); // what other tests left must not vanish while this one counts
        Pointer.deallocateReferences();
        Case random = cases().get(0);
        try (Llama model = TestModels.frozen(random.shape())) {
            long count = 0;
            for (int round = 0; round < 20; round++) {
                try (SharedStates shared = inFile(random, 20_000, new ArrayList<>());
                        Branches branches = random.branches(model, shared)) {
                    random.answers(branches, round);
                }
                count = round == 0 ? Pointer.totalCount() : count;
                assertThat(Pointer.totalCount()).as("round %d", round).isLessThanOrEqualTo(count);
            }
        }
    }
}
