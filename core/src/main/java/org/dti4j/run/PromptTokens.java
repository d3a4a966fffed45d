package org.dti4j.run;

import java.util.List;

/**
 * What a query's k = 1 prompts say to a model, for programs that run it by themselves.
 *
 * @param prompts token ids of each candidate's, [SUM] the last
 * @param yes the label word whose logit at [SUM] speaks for a click, and no
 */
public record PromptTokens(List<int[]> prompts, int yes, int no) {}
