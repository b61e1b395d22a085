import type { Step } from './plan.ts';

/**
 * The same steps for fewer nodes: what users did at a node that is no more they do at another. Faults of such a node happen
 * to another one too with `wrapFaults`, and are left out otherwise.
 */
export function fitSteps(steps: readonly Step[], nodes: number, wrapFaults: boolean): readonly Step[] {
  const remains = (node: number): boolean => wrapFaults || node < nodes;
  const fit = (list: readonly number[]): readonly number[] =>
    [...new Set(list.filter(remains).map((node) => node % nodes))].sort((left, right) => left - right);
  return steps.flatMap((step): readonly Step[] => {
    switch (step.do) {
      case 'act':
      case 'start':
        return [{ ...step, node: step.node % nodes }];
      case 'partition':
        return [{ ...step, side: fit(step.side) }];
      case 'weather':
        return [step.nodes === undefined ? step : { ...step, nodes: fit(step.nodes) }];
      case 'lose':
      case 'duplicate':
      case 'delay':
        if (!remains(step.from) || !remains(step.to)) return [];
        return [{ ...step, from: step.from % nodes, to: step.to % nodes }];
      default:
        return remains(step.node) ? [{ ...step, node: step.node % nodes }] : [];
    }
  });
}
