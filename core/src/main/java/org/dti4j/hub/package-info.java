/** Checkpoints of the Hugging Face hub: its cache on this machine, and how they get there when the user asks for one. */
@NullMarked
package org.dti4j.hub;

import org.jspecify.annotations.NullMarked;
