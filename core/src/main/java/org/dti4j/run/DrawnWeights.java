package org.dti4j.run;

import java.util.LinkedHashSet;
import java.util.Set;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Weights;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;

/** Random weights of a benchmark, drawn where they are used: eight billion are there in a second. */
record DrawnWeights(LlamaConfig config, Placement placement) implements Weights {
    @Override
    public Set<String> names() {
        return new LinkedHashSet<>(config.weightNames());
    }

    @Override
    public Tensor read(String name, Precision precision) {
        return draw(placement, precision, config.weightShape(name));
    }

    /** Normal numbers, small enough that sums over the last dimension stay near 1; ones where there is one dimension only. */
    static Tensor draw(Placement placement, Precision precision, long... shape) {
        try (Scope scope = Scope.open()) {
            TensorOptions options =
                    new TensorOptions(precision.type()).device(new DeviceOptional(new Device(placement.device())));
            return scope.keep(
                    shape.length == 1
                            ? torch.ones(shape, options)
                            : torch.randn(shape, options).mul_(new Scalar(1 / Math.sqrt((double) shape[1]))));
        }
    }

    @Override
    public void close() {}
}
