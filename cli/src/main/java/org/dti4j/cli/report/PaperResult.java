package org.dti4j.cli.report;

/**
 * A row of the paper's tables.
 *
 * @param hours of training to convergence; NaN where it gives none
 */
public record PaperResult(double auc, double logLoss, double f1, double hours) {}
