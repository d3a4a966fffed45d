package org.dti4j.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * What is trained, cut into parts that travel as soon as their gradients are whole: layers from the last to the first, as the backward pass
 * goes, several small ones together, and at the end whatever belongs to no layer.
 */
final class Buckets {
    /** Elements below which a bucket is not worth its way round the ring: 256 KiB, a chunk of it. */
    private static final long SMALLEST = 1 << 16;

    private static final Pattern LAYER = Pattern.compile("\\blayers\\.(\\d+)\\.");

    private final List<SortedMap<String, Tensor>> buckets = new ArrayList<>();
    private final List<Integer> lastLayers = new ArrayList<>();

    private Buckets() {}

    /** The same for the same names and shapes, whoever asks. */
    static Buckets of(SortedMap<String, Tensor> parameters) {
        return of(parameters, SMALLEST);
    }

    static Buckets of(SortedMap<String, Tensor> parameters, long smallest) {
        NavigableMap<Integer, SortedMap<String, Tensor>> layers = new TreeMap<>(Comparator.reverseOrder());
        SortedMap<String, Tensor> others = new TreeMap<>();
        parameters.forEach((name, parameter) -> {
            Matcher layer = LAYER.matcher(name);
            (layer.find() ? layers.computeIfAbsent(Integer.valueOf(layer.group(1)), number -> new TreeMap<>()) : others)
                    .put(name, parameter);
        });
        Buckets buckets = new Buckets();
        SortedMap<String, Tensor> open = new TreeMap<>();
        for (Map.Entry<Integer, SortedMap<String, Tensor>> layer : layers.entrySet()) {
            open.putAll(layer.getValue());
            boolean full = open.values().stream().mapToLong(Tensor::numel).sum() >= smallest;
            if (full && layer.getKey() > layers.lastKey()) {
                buckets.add(open, layer.getKey());
                open = new TreeMap<>();
            }
        }
        open.putAll(others); // the first layer is whole only a moment before these
        buckets.add(open, -1);
        return buckets;
    }

    private void add(SortedMap<String, Tensor> bucket, int lastLayer) {
        buckets.add(bucket);
        lastLayers.add(lastLayer);
    }

    int count() {
        return buckets.size();
    }

    /** Parameters by name. */
    SortedMap<String, Tensor> of(int bucket) {
        return buckets.get(bucket);
    }

    /** The bucket that is whole when the backward pass has left a layer; -1 for none. The last bucket is whole when the pass is over. */
    int wholeAfter(int layer) {
        return lastLayers.indexOf(layer);
    }
}
