package org.dti4j.distribute;

import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Scope;

/** Peers whose gradients are summed by NCCL in the memory of their GPUs, one GPU each. What lies in a processor's memory goes round the ring. */
final class Nccl extends LibtorchPeers {
    private Nccl(Ring ring, TCPStore store, Backend group) {
        super(ring, store, group);
    }

    /** @param ring owned from now on */
    static Nccl over(Ring ring) {
        load();
        // a lost peer is then an exception after the patience; otherwise libtorch ends the whole process
        torch.set_env("TORCH_NCCL_BLOCKING_WAIT", "1");
        TCPStore store = store(ring);
        ProcessGroupNCCL group = new ProcessGroupNCCL(store, ring.rank(), ring.size());
        group.setTimeout(patience(ring));
        return new Nccl(ring, store, group);
    }

    private static void load() {
        if (!torch.cuda_is_available()) {
            throw new UserException(
                    "--collective = nccl, must be ring or gloo: libtorch finds no GPU here (docs/performance.md, \"On a GPU\")");
        }
        try {
            Loader.load(ProcessGroupNCCL.class);
        } catch (LinkageError e) {
            throw new UserException(
                    "--collective = nccl, must be ring or gloo: libtorch's NCCL cannot be loaded: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public boolean sumInPlace(List<Tensor> tensors) {
        if (!tensors.stream().allMatch(Tensor::is_cuda)) {
            return false;
        }
        try (Scope scope = Scope.open()) {
            group.allreduce_coalesced(new TensorVector(tensors.toArray(Tensor[]::new)))
                    ._wait();
            return true;
        } catch (RuntimeException e) {
            throw lost(e);
        }
    }

    @Override
    public void close() {
        group.abort(); // as its destructor does, with a warning: every sum has been waited for
        super.close();
    }
}
