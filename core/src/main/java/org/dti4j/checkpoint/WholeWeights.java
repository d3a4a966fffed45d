package org.dti4j.checkpoint;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Weights;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;

/**
 * Weights that an adapter brings whole, PEFT's {@code modules_to_save}. PEFT replaces modules and not tensors: of a head that is tied to
 * the embedding, replacing either leaves the other as it was, unless the adapter says {@code ensure_weight_tying}.
 *
 * @param tensors by the names that the base has them under
 * @param keepsTying whether the head, which is tied in the base, follows the embedding
 */
public record WholeWeights(SortedMap<String, Tensor> tensors, boolean keepsTying) {
    /** An adapter that brings none. */
    public static final WholeWeights NONE = new WholeWeights(new TreeMap<>(), false);

    public WholeWeights {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    }

    /** Whether a base with a tied head has one of its own afterwards. */
    boolean unties(LlamaConfig base) {
        return base.tiedHead()
                && !keepsTying
                && (tensors.containsKey(LlamaTensors.EMBEDDING) || tensors.containsKey(LlamaTensors.HEAD));
    }

    /** Whether trained rows of the embedding must be in it: PEFT takes none beside an embedding that is whole, nor beside one that was untied. */
    public boolean excludesRows(LlamaConfig base) {
        return hasRows() || (base.tiedHead() && tensors.containsKey(LlamaTensors.HEAD));
    }

    /** Whether it has a row for every token. */
    public boolean hasRows() {
        return tensors.containsKey(LlamaTensors.EMBEDDING);
    }

    /** The same with an embedding that has these rows; the new tensor belongs to the innermost scope. */
    public WholeWeights withRows(Tensor embedding, SortedMap<Integer, Tensor> rows) {
        Tensor copy = embedding.detach().to(torch.ScalarType.Float).clone();
        rows.forEach((token, row) -> copy.select(0, token).copy_(row));
        SortedMap<String, Tensor> more = new TreeMap<>(tensors);
        more.put(LlamaTensors.EMBEDDING, copy);
        return new WholeWeights(more, keepsTying);
    }

    /** The same tensors as a model that was loaded over them holds them. */
    public WholeWeights in(SortedMap<String, Tensor> model) {
        SortedMap<String, Tensor> held = new TreeMap<>(model);
        held.keySet().retainAll(tensors.keySet());
        return new WholeWeights(held, keepsTying);
    }

    /** The base with these weights in place of its own; it owns neither. */
    public Weights over(Weights base) {
        return tensors.isEmpty() ? base : new Replaced(base, this);
    }

    private record Replaced(Weights base, WholeWeights whole) implements Weights {
        @Override
        public LlamaConfig config() {
            return whole.unties(base.config()) ? base.config().withOwnHead() : base.config();
        }

        @Override
        public Set<String> names() {
            return Set.copyOf(config().weightNames());
        }

        @Override
        public Tensor read(String name, Precision precision) {
            Tensor tensor = whole.tensors.get(name);
            if (tensor == null) {
                boolean untied = name.equals(LlamaTensors.HEAD) && base.config().tiedHead();
                return base.read(untied ? LlamaTensors.EMBEDDING : name, precision);
            }
            try (Scope scope = Scope.open()) {
                return scope.keep(tensor.detach().to(precision.type()).clone());
            }
        }

        @Override
        public void close() {}
    }
}
