package org.dti4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.lora.Lora;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Inference on streams (docs/method.md section 6): a user's keys and values are kept, an interaction is appended at its own cost, and any
 * number of candidates is scored as branches that do not see each other. The same function as a {@link Pass} over the whole stream with
 * the candidate as its last target. Nothing in it changes, so threads may share it; it does not own the model.
 */
public final class Branches implements AutoCloseable {
    private final BranchModel model;

    /**
     * Whether a method can be run so: a stream's states must not depend on [SUM]s, and a window must be one of interactions. The others are
     * scored by k = 1 prompts.
     */
    public static boolean supports(Method method) {
        return method.windowed()
                && method.windowTokens() == 0
                && method.prefixAlways()
                && method.sumHidden()
                && !method.sumConsumesPosition();
    }

    /**
     * @param lora the model's adapters, which do not change from now on; null without
     * @param method one that is supported
     * @param prefix ids of BOS and instruction, at least one
     */
    public Branches(Llama llama, @Nullable Lora lora, Method method, int[] prefix, int sumId) {
        if (!supports(method) || prefix.length == 0) {
            throw new IllegalArgumentException("%s cannot be run on branches".formatted(method));
        }
        LlamaConfig config = llama.config();
        Parts parts = new Parts(llama, lora);
        List<BranchLayer> layers = IntStream.range(0, config.layers())
                .mapToObj(layer ->
                        new BranchLayer(LayerParts.of(config, layer, parts).frozen()))
                .toList();
        Tensor head = parts.weight(config.tiedHead() ? Engine.EMBEDDING : "lm_head.weight");
        BranchEmbedding embedding = new BranchEmbedding(llama, head);
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
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            List<KeyValue> one = initialStates(new int[] {model.sumId()});
            return new UserStream(
                    0, model.prefixRows(), new int[0], new int[0], none(scope, one), none(scope, resettable(one)));
        }
    }

    private static List<KeyValue> none(Scope scope, List<KeyValue> some) {
        return some.stream().map(kv -> owned(scope, kv.narrow(0, 0))).toList();
    }

    private static KeyValue owned(Scope scope, KeyValue kv) {
        return new KeyValue(scope.own(kv.k().clone()), scope.own(kv.v().clone()));
    }

    private List<KeyValue> resettable(List<KeyValue> states) {
        return model.method().reset() ? states : List.of();
    }

    /**
     * The stream with interactions after its last, of which it holds n. The caller closes both.
     *
     * @param interactions per interaction, the ids of its item and feedback one after the other
     */
    public UserStream append(UserStream stream, int[][] interactions) {
        int[] ids = Arrays.stream(interactions).flatMapToInt(Arrays::stream).toArray();
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
                    joined(scope, stream.states(), states(stream, ids, of, positions), from),
                    joined(scope, stream.initial(), resettable(initialStates(ids)), from));
        }
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
                    KeyValue both =
                            new KeyValue(Tensors.join(0, old.k(), young.k()), Tensors.join(0, old.v(), young.v()));
                    return owned(scope, both.narrow(from, both.k().size(0) - from));
                })
                .toList();
    }

    /** Keys and values of new rows in every layer. */
    private List<KeyValue> states(UserStream stream, int[] ids, int[] interactions, int[] positions) {
        BranchModel.Rows rows = model.rows(stream, Arrays.stream(positions), interactions);
        List<KeyValue> states = new ArrayList<>();
        Tensor x = model.embedding().of(ids);
        for (int at = 0; at < model.layers().size(); at++) {
            BranchLayer layer = model.layers().get(at);
            Tensor h = layer.normed(x);
            KeyValue kv = layer.keyValue(h);
            states.add(kv);
            if (at < model.layers().size() - 1) {
                x = layer.finish(model.attend(layer.query(h), kv, stream, at, rows, 1), x);
            }
        }
        return states;
    }

    /** Keys and values of input embeddings in every layer (section 4). */
    private List<KeyValue> initialStates(int[] ids) {
        Tensor x = model.embedding().of(ids);
        return model.layers().stream()
                .map(layer -> layer.keyValue(layer.normed(x)))
                .toList();
    }

    /**
     * Logits of some words at the [SUM] of each candidate, as if it were the stream's next interaction.
     *
     * @param items ids of each candidate's item, C of them
     * @param words distinct token ids, in ascending order
     * @return [C · words], float32
     */
    public float[] logits(UserStream stream, int[][] items, int[] words) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor states = new BranchPass(model, stream, items).sums();
            return Tensors.toFloats(model.embedding().logits(states, words));
        }
    }

    @Override
    public void close() {
        model.prefix().forEach(BranchPrefix::close);
        model.layers().forEach(BranchLayer::close);
    }
}
