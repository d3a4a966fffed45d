package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Scope;
import org.junit.jupiter.api.Test;

/** Which gradients travel together, and when. */
class BucketsTest {
    private static final long LARGE = 1 << 16;

    private static SortedMap<String, Tensor> parameters(long... layers) {
        SortedMap<String, Tensor> parameters = new TreeMap<>();
        for (int layer = 0; layer < layers.length; layer++) {
            parameters.put("model.layers.%d.a".formatted(layer), torch.empty(layers[layer]));
        }
        parameters.put("model.norm", torch.empty(1));
        return parameters;
    }

    @Test
    void layersTravelFromTheLastToTheFirstSmallOnesTogetherAndTheRestAtTheEnd() {
        try (Scope scope = Scope.open()) {
            Buckets buckets = Buckets.of(parameters(LARGE, LARGE / 2, LARGE / 2, LARGE, 1));
            assertThat(buckets.count()).isEqualTo(3);
            assertThat(buckets.of(0)).containsOnlyKeys("model.layers.4.a", "model.layers.3.a");
            assertThat(buckets.of(1)).containsOnlyKeys("model.layers.2.a", "model.layers.1.a");
            assertThat(buckets.of(2)).containsOnlyKeys("model.layers.0.a", "model.norm");
            assertThat(List.of(4, 3, 2, 1, 0)).map(buckets::wholeAfter).containsExactly(-1, 0, -1, 1, -1);
            assertThat(Buckets.of(parameters()).count()).isEqualTo(1);
        }
    }

    @Test
    void aBucketIsWholeWhenTheLastWorkerHasLeftItsLayers() {
        try (Scope scope = Scope.open()) {
            List<Integer> whole = new ArrayList<>();
            BucketCount count = new BucketCount(Buckets.of(parameters(LARGE, LARGE, LARGE)), 2, whole::add);
            count.left(2);
            count.left(1);
            assertThat(whole).isEmpty();
            count.left(2);
            assertThat(whole).containsExactly(0);
            count.left(1);
            count.left(0);
            count.left(0);
            assertThat(whole).containsExactly(0, 1);
            count.finish();
            assertThat(whole).containsExactly(0, 1, 2);
        }
    }

    @Test
    void whoHasNothingToDoHasAllAtOnce() {
        try (Scope scope = Scope.open()) {
            List<Integer> whole = new ArrayList<>();
            new BucketCount(Buckets.of(parameters(LARGE, LARGE)), 0, whole::add).finish();
            assertThat(whole).containsExactly(0, 1);
        }
    }
}
