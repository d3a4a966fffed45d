package org.dti4j.checkpoint;

abstract non-sealed class GgufCheckpoint implements Checkpoint {}
