package org.dti4j.engine;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.lora.Lora;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Inference on streams (docs/method.md section 6): a user's keys and values are kept, an interaction is appended at its own cost, and any
 * number of candidates is scored as branches that do not see each other. The same function as a {@link Pass} over the whole stream with
 * the candidate as its last target. Nothing in it changes, so threads may share it; it does not own the model.
 */
public final class Branches implements AutoCloseable {
    private final BranchModel model;
    private final @Nullable SharedStates shared;

    /**
     * Whether a method can be run so: a stream's states must not depend on [SUM]s, and a window must be one of interactions. The others are
     * scored by k = 1 prompts.
     */
    public static boolean supports(Method method) {
        return method.hasStatesApart();
    }

    /** Without states that were computed before. */
    public Branches(Llama llama, @Nullable Lora lora, Method method, int[] prefix, int sumId) {
        this(llama, lora, method, prefix, sumId, null);
    }

    /**
     * @param lora the model's adapters, which do not change from now on; null without
     * @param method one that is supported
     * @param prefix ids of BOS and instruction, at least one
     * @param shared keys and values that were computed before, by this model behind this prefix; stays the caller's; null for none
     */
    public Branches(
            Llama llama, @Nullable Lora lora, Method method, int[] prefix, int sumId, @Nullable SharedStates shared) {
        if (!supports(method) || prefix.length == 0) {
            throw new IllegalArgumentException("%s cannot be run on branches".formatted(method));
        }
        if (shared != null && !method.isExact()) {
            throw new IllegalArgumentException("interactions of %s depend on what precedes them".formatted(method));
        }
        this.shared = shared;
        LlamaConfig config = llama.config();
        Parts parts = new Parts(llama, lora);
        List<BranchLayer> layers = IntStream.range(0, config.layers())
                .mapToObj(layer ->
                        new BranchLayer(LayerParts.of(config, layer, parts).frozen()))
                .toList();
        TokenEmbedding embedding = TokenEmbedding.of(parts);
        try (NoGradGuard guard = new NoGradGuard()) {
            model = new BranchModel(
                    config,
                    method,
                    llama.placement(),
                    layers,
                    BranchPrefix.read(prefix, method, embedding, layers),
                    embedding,
                    parts.norm("model.norm"),
                    sumId);
        }
    }

    /** A stream of a user who has done nothing yet. The caller closes it. */
    public UserStream empty() {
        try (Scope scope = Scope.open()) {
            LlamaConfig config = model.config();
            List<KeyValue> none = IntStream.range(0, config.layers())
                    .mapToObj(layer -> {
                        Tensor rows = model.embedding().head().new_empty(0, config.keyValueHeads(), config.headWidth());
                        return owned(scope, new KeyValue(rows, rows));
                    })
                    .toList();
            List<KeyValue> initial = model.method().reset()
                    ? none.stream().map(kv -> owned(scope, kv)).toList()
                    : List.of();
            return new UserStream(0, model.prefixRows(), new int[0], new int[0], none, initial);
        }
    }

    private static KeyValue owned(Scope scope, KeyValue kv) {
        return new KeyValue(scope.own(kv.k().clone()), scope.own(kv.v().clone()));
    }

    /**
     * The stream with interactions after its last, of which it holds n. The caller closes both.
     *
     * @param interactions per interaction, the ids of its item and feedback one after the other
     */
    public UserStream append(UserStream stream, int[][] interactions) {
        return append(stream, interactions, RowParts.WHOLE);
    }

    /** The same by all workers together, of which the calling thread is none. */
    public UserStream append(UserStream stream, int[][] interactions, Workers workers) {
        return append(stream, interactions, RowParts.over(workers, model.placement()));
    }

    private UserStream append(UserStream stream, int[][] interactions, RowParts parts) {
        int[] ids = flat(interactions);
        if (ids.length == 0) {
            throw new IllegalArgumentException("nothing to append");
        }
        int[] of = interactionOfEach(interactions, stream.interactions);
        int[] positions =
                IntStream.range(stream.position, stream.position + ids.length).toArray();
        int end = stream.interactions + interactions.length;
        int[] all = joined(stream.rows(), stream::rowInteraction, of);
        int from = (int) Arrays.stream(all)
                .filter(interaction -> interaction < end - model.method().context())
                .count();
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            return new UserStream(
                    end,
                    stream.position + ids.length,
                    Arrays.copyOfRange(all, from, all.length),
                    Arrays.copyOfRange(joined(stream.rows(), stream::rowPosition, positions), from, all.length),
                    joined(scope, stream.states(), states(stream, interactions, of, positions, parts), from),
                    joined(scope, stream.initial(), initialStates(ids, parts), from));
        }
    }

    private static int[] flat(int[][] interactions) {
        return Arrays.stream(interactions).flatMapToInt(Arrays::stream).toArray();
    }

    private static int[] interactionOfEach(int[][] interactions, int first) {
        return IntStream.range(0, interactions.length)
                .flatMap(i -> IntStream.range(0, interactions[i].length).map(row -> first + i))
                .toArray();
    }

    private static int[] joined(int count, IntUnaryOperator before, int[] added) {
        return IntStream.concat(IntStream.range(0, count).map(before), Arrays.stream(added))
                .toArray();
    }

    private static List<KeyValue> joined(Scope scope, List<KeyValue> before, List<KeyValue> added, long from) {
        return IntStream.range(0, before.size())
                .mapToObj(layer -> {
                    KeyValue old = before.get(layer);
                    KeyValue young = added.get(layer);
                    KeyValue both = old.k().size(0) == 0
                            ? young
                            : new KeyValue(Tensors.join(0, old.k(), young.k()), Tensors.join(0, old.v(), young.v()));
                    return owned(scope, both.narrow(from, both.k().size(0) - from));
                })
                .toList();
    }

    /** Keys and values of new rows in every layer. */
    private List<KeyValue> states(UserStream stream, int[][] interactions, int[] of, int[] positions, RowParts parts) {
        if (shared == null) {
            return model.read(stream, flat(interactions), model.rows(stream, Arrays.stream(positions), of), 1, parts);
        }
        Tensor tokens = known(shared, interactions, 0);
        return IntStream.range(0, model.layers().size())
                .mapToObj(layer -> shared.shape().layer(tokens, layer))
                .toList();
    }

    /** Of interactions that are shared, computed if they are not there yet. */
    private Tensor known(SharedStates states, int[][] interactions, int rowsEach) {
        return model.placement().place(states.of(interactions, rowsEach, missing -> {
            try (UserStream nothing = empty()) {
                return new IsolatedPass(model, nothing).read(missing);
            }
        }));
    }

    /** Keys and values of input embeddings in every layer (section 4), if the method reads them. */
    private List<KeyValue> initialStates(int[] ids, RowParts parts) {
        if (!model.method().reset()) {
            return List.of();
        }
        List<Tensor> all = parts.map(
                List.of(model.embedding().of(ids)),
                some -> model.layers().stream()
                        .map(layer -> layer.keyValue(layer.normed(some.get(0))))
                        .flatMap(kv -> Stream.of(kv.k(), kv.v()))
                        .toList());
        return IntStream.range(0, model.layers().size())
                .mapToObj(layer -> new KeyValue(all.get(2 * layer), all.get(2 * layer + 1)))
                .toList();
    }

    /**
     * Candidates of one stream.
     *
     * @param stream stays the caller's
     * @param items ids of each candidate's item
     */
    public record Candidates(UserStream stream, List<int[]> items) {}

    /**
     * Logits of some words at the [SUM] of each candidate, as if it were its stream's next interaction.
     *
     * @param candidates of one stream or more, C of them in all
     * @param words token ids
     * @return [C · words], float32
     */
    public float[] logits(List<Candidates> candidates, int[] words) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            List<BranchGroup> groups = candidates.stream().map(this::group).toList();
            Tensor states = new BranchPass(model, groups).sums();
            return Tensors.toFloats(model.embedding().logits(states, words));
        }
    }

    /** The same of one stream. */
    public float[] logits(UserStream stream, int[][] items, int[] words) {
        return logits(List.of(new Candidates(stream, List.of(items))), words);
    }

    private BranchGroup group(Candidates of) {
        int[][] items = of.items().toArray(int[][]::new);
        Tensor known = shared == null ? null : known(shared, items, BranchGroup.longest(items));
        return new BranchGroup(model, of.stream(), items, known);
    }

    @Override
    public void close() {
        model.prefix().forEach(BranchPrefix::close);
        model.layers().forEach(BranchLayer::close);
    }
}
