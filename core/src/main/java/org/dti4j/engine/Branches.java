package org.dti4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.lora.Lora;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Inference on streams (docs/method.md section 6): a user's keys and values are kept, an interaction is appended at its own cost, and any
 * number of candidates is scored as branches that do not see each other. The same function as a {@link Pass} over the whole stream with
 * the candidate as its last target. Nothing in it changes, so threads may share it; it does not own the model.
 */
public final class Branches implements AutoCloseable {
    private final LlamaConfig config;
    private final Method method;
    private final Placement placement;
    private final int sumId;
    private final int prefixRows;
    private final List<BranchLayer> layers;
    private final List<BranchPrefix> prefix;
    private final BranchAttention attention;
    private final BranchMasks masks;
    private final BranchEmbedding embedding;
    private final RmsNorm norm;

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
     * @param lora the model's adapters, null without
     * @param method one that is supported
     * @param prefixIds ids of BOS and instruction, at least one
     */
    public Branches(Llama model, @Nullable Lora lora, Method method, int[] prefixIds, int sumId) {
        if (!supports(method) || prefixIds.length == 0) {
            throw new IllegalArgumentException("%s cannot be run on branches".formatted(method));
        }
        this.method = method;
        this.sumId = sumId;
        config = model.config();
        placement = model.placement();
        prefixRows = prefixIds.length;
        Parts parts = new Parts(model, lora);
        layers = IntStream.range(0, config.layers())
                .mapToObj(layer -> new BranchLayer(config, layer, parts))
                .toList();
        attention = new BranchAttention(config);
        masks = new BranchMasks(method, config, placement);
        embedding = new BranchEmbedding(model, parts.weight(config.tiedHead() ? Engine.EMBEDDING : "lm_head.weight"));
        norm = parts.norm("model.norm");
        try (NoGradGuard guard = new NoGradGuard()) {
            prefix = BranchPrefix.read(prefixIds, method, embedding, layers);
        }
    }

    /** A stream of a user who has done nothing yet. The caller closes it. */
    public UserStream empty() {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            List<KeyValue> none = layers.stream()
                    .map(layer -> layer.keyValue(layer.normed(embedding.of(new int[] {sumId}))))
                    .map(kv -> owned(scope, kv.narrow(0, 0)))
                    .toList();
            List<KeyValue> initial =
                    method.reset() ? none.stream().map(kv -> owned(scope, kv)).toList() : List.of();
            return new UserStream(0, prefixRows, new int[0], new int[0], none, initial);
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
        int[] ids = Arrays.stream(interactions).flatMapToInt(Arrays::stream).toArray();
        int[] of = new int[ids.length];
        int row = 0;
        for (int i = 0; i < interactions.length; i++) {
            Arrays.fill(of, row, row + interactions[i].length, stream.interactions + i);
            row += interactions[i].length;
        }
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            int[] positions = IntStream.range(stream.position, stream.position + ids.length)
                    .toArray();
            List<KeyValue> added = states(stream, ids, of, positions);
            List<KeyValue> initial = method.reset() ? initialStates(ids) : List.of();
            int end = stream.interactions + interactions.length;
            int[] all = IntStream.concat(
                            IntStream.range(0, stream.rows()).map(stream::rowInteraction), Arrays.stream(of))
                    .toArray();
            int from = (int)
                    Arrays.stream(all).filter(a -> a < end - method.context()).count();
            int[] places = IntStream.concat(
                            IntStream.range(0, stream.rows()).map(stream::rowPosition), Arrays.stream(positions))
                    .skip(from)
                    .toArray();
            List<KeyValue> kept = new ArrayList<>();
            List<KeyValue> keptInitial = new ArrayList<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                kept.add(joined(scope, stream.states(layer), added.get(layer), from));
                KeyValue before = stream.initial(layer);
                if (before != null) {
                    keptInitial.add(joined(scope, before, initial.get(layer), from));
                }
            }
            return new UserStream(
                    end,
                    stream.position + ids.length,
                    Arrays.copyOfRange(all, from, all.length),
                    places,
                    kept,
                    keptInitial);
        }
    }

    private static KeyValue joined(Scope scope, KeyValue before, KeyValue added, long from) {
        KeyValue both = new KeyValue(Tensors.join(0, before.k(), added.k()), Tensors.join(0, before.v(), added.v()));
        return owned(scope, both.narrow(from, both.k().size(0) - from));
    }

    /** Keys and values of new rows in every layer. */
    private List<KeyValue> states(UserStream stream, int[] ids, int[] interactions, int[] positions) {
        BranchRows rows = new BranchRows(
                Rotation.of(Arrays.stream(positions), config, placement),
                contextRotation(stream),
                masks.rows(stream, interactions, prefixRows));
        List<KeyValue> states = new ArrayList<>();
        Tensor x = embedding.of(ids);
        for (int layer = 0; layer < layers.size(); layer++) {
            Tensor h = layers.get(layer).normed(x);
            KeyValue kv = layers.get(layer).keyValue(h);
            states.add(kv);
            if (layer < layers.size() - 1) {
                Tensor q = layers.get(layer).query(h);
                x = layers.get(layer).finish(attendRows(q, kv, stream.states(layer), layer, rows, 1), x);
            }
        }
        return states;
    }

    /**
     * What attention of stream rows needs besides states.
     *
     * @param own rotation of the new rows
     * @param context rotation of the stream's
     */
    private record BranchRows(Rotation own, Rotation context, Tensor mask) {}

    private Rotation contextRotation(UserStream stream) {
        return Rotation.of(IntStream.range(0, stream.rows()).map(stream::rowPosition), config, placement);
    }

    private Tensor attendRows(Tensor q, KeyValue kv, KeyValue context, int layer, BranchRows rows, long branches) {
        Tensor rotated = rows.own().forward(q);
        return attention.forward(
                rotated,
                method.prefixDistance() == null ? rotated : q,
                new BranchAttention.Read(
                        prefix.get(layer).rows(),
                        Prefix.ofRows(rows.context().forward(context.k()), context.v()),
                        rows.own().forward(kv.k()),
                        kv.v(),
                        rows.mask()),
                branches);
    }

    private List<KeyValue> initialStates(int[] ids) {
        Tensor x = embedding.of(ids);
        return layers.stream().map(layer -> layer.keyValue(layer.normed(x))).toList();
    }

    /**
     * Logits of some words at the [SUM] of each candidate, as if it were the stream's next interaction.
     *
     * @param items ids of each candidate's item, C of them
     * @param words distinct token ids, in ascending order
     * @return [C · words], float32
     */
    public float[] logits(UserStream stream, int[][] items, int[] words) {
        int branches = items.length;
        int longest = Arrays.stream(items).mapToInt(ids -> ids.length).max().orElse(0);
        int[] lengths = Arrays.stream(items).mapToInt(ids -> ids.length).toArray();
        int[] ids = new int[branches * (longest + 1)];
        Arrays.fill(ids, sumId); // also where a shorter item is padded: nothing reads those rows
        for (int branch = 0; branch < branches; branch++) {
            System.arraycopy(items[branch], 0, ids, branch * longest, lengths[branch]);
        }
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            int rows = branches * longest;
            Tensor x = embedding.of(ids);
            int[] interactions = new int[longest];
            Arrays.fill(interactions, stream.interactions);
            BranchRows ofRows = new BranchRows(
                    Rotation.of(
                            IntStream.range(0, rows).map(row -> stream.position + row % longest), config, placement),
                    contextRotation(stream),
                    masks.rows(stream, interactions, prefixRows));
            BranchSums ofSums = new BranchSums(
                    Rotation.of(Arrays.stream(lengths).map(length -> stream.position + length), config, placement),
                    masks.sums(stream, lengths, longest, prefixRows),
                    method.reset() ? masks.resetRatios(stream) : null);
            for (int layer = 0; layer < layers.size(); layer++) {
                boolean last = layer == layers.size() - 1;
                try (Scope ofLayer = Scope.open()) {
                    x = ofLayer.keep(layer(x, stream, layer, rows, branches, ofRows, ofSums, last));
                }
            }
            return Tensors.toFloats(embedding.logits(norm.forward(x), words));
        }
    }

    /**
     * What attention of [SUM]s needs besides states.
     *
     * @param own rotation of each [SUM]
     * @param reset alpha per row of the stream
     */
    private record BranchSums(
            Rotation own, Tensor mask, @Nullable Tensor reset) {}

    private Tensor layer(
            Tensor x,
            UserStream stream,
            int at,
            int rows,
            int branches,
            BranchRows ofRows,
            BranchSums ofSums,
            boolean sumsOnly) {
        BranchLayer layer = layers.get(at);
        Tensor h = layer.normed(x);
        KeyValue kv = layer.keyValue(h);
        Tensor sumsX = x.narrow(0, rows, branches);
        if (sumsOnly) {
            Tensor q = layer.query(h.narrow(0, rows, branches));
            return layer.finish(attendSums(q, kv, stream, at, branches, ofRows, ofSums), sumsX);
        }
        Tensor q = layer.query(h);
        Tensor mixed = attendRows(q.narrow(0, 0, rows), kv.narrow(0, rows), stream.states(at), at, ofRows, branches);
        Tensor ofSum = attendSums(q.narrow(0, rows, branches), kv, stream, at, branches, ofRows, ofSums);
        return layer.finish(Tensors.join(0, mixed, ofSum), x);
    }

    private Tensor attendSums(
            Tensor q, KeyValue kv, UserStream stream, int layer, int branches, BranchRows ofRows, BranchSums ofSums) {
        boolean rotates = method.sumPosition() == Method.SumPosition.ROPE;
        long rows = kv.k().size(0) - branches;
        KeyValue items = kv.narrow(0, rows);
        KeyValue itself = kv.narrow(rows, branches);
        KeyValue context = mixed(stream, layer, ofSums.reset());
        Tensor asSeen = rotates ? ofSums.own().forward(q) : q;
        return attention.forward(
                asSeen,
                rotates && method.prefixDistance() == null ? asSeen : q,
                new BranchAttention.Read(
                        prefix.get(layer).sums(),
                        Prefix.ofRows(rotates ? ofRows.context().forward(context.k()) : context.k(), context.v()),
                        beside(
                                rotates ? ofRows.own().forward(items.k()) : items.k(),
                                rotates ? ofSums.own().forward(itself.k()) : itself.k(),
                                branches),
                        beside(items.v(), itself.v(), branches),
                        ofSums.mask()),
                branches);
    }

    /** Section 4: keys and values of the stream, partly reset to those of their input embeddings. */
    private static KeyValue mixed(UserStream stream, int layer, @Nullable Tensor reset) {
        KeyValue states = stream.states(layer);
        KeyValue initial = stream.initial(layer);
        if (reset == null || initial == null) {
            return states;
        }
        Tensor alpha = reset.view(-1, 1, 1);
        return new KeyValue(torch.lerp(states.k(), initial.k(), alpha), torch.lerp(states.v(), initial.v(), alpha));
    }

    /** Each branch's items [C · T, KV, E] and then its [SUM] [C, KV, E], to [C · (T + 1), KV, E]. */
    private static Tensor beside(Tensor items, Tensor sums, long branches) {
        return Tensors.join(1, items.unflatten(0, branches, -1), sums.unsqueeze(1))
                .flatten(0, 1);
    }

    @Override
    public void close() {
        prefix.forEach(BranchPrefix::close);
    }
}
