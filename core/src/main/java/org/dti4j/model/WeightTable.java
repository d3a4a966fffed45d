package org.dti4j.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** A model's weights in memory, by their Hugging Face names; owns them. */
final class WeightTable implements AutoCloseable {
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();

    /** Reads all that the shape needs. The tensors outlive whatever scope is open; what reading made besides does not outlive this call. */
    static WeightTable read(Weights source, Placement placement) {
        WeightTable table = new WeightTable();
        try {
            for (String name : source.config().weightNames()) {
                try (Scope scope = Scope.open()) {
                    Tensor tensor = placement.place(source.read(name, placement.precision()));
                    table.tensors.put(name, scope.own(tensor));
                }
            }
            return table;
        } catch (RuntimeException e) {
            table.close();
            throw e;
        }
    }

    Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no weight named " + name);
        }
        return tensor;
    }

    @Nullable
    Tensor find(String name) {
        return tensors.get(name);
    }

    SortedMap<String, Tensor> all() {
        return Collections.unmodifiableSortedMap(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
    }
}
