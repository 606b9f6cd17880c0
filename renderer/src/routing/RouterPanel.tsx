import { formatPercent } from '../charts/format'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import styles from './pages.module.css'
import { layerName, useInspected, useStatistics } from './use-inspected'

/** Confidence of the router, and its auxiliary losses. */
export function RouterPanel() {
  const { facts, layer } = useInspected()
  const { logits, weights } = useStatistics('logits', 'weights')
  const of = (values: Float64Array, layers: readonly number[]) => values[layers.indexOf(layer)] ?? Number.NaN
  return (
    <Panel title={`How sure is the router? ${layerName(facts, layer)}`}>
      <dl className={styles.figures}>
        {logits.status === 'known' && (
          <>
            <Row
              name="largest router probability"
              value={formatPercent(of(logits.value.largest, logits.value.layers))}
              definition={`Mean of each token’s largest router probability; ${formatPercent(1 / facts.experts)} if it preferred none.`}
            />
            <Row
              name="entropy of the router"
              value={`${of(logits.value.entropy, logits.value.layers).toFixed(2)} bits`}
              definition={`Mean entropy of the router’s probabilities; ${Math.log2(facts.experts).toFixed(2)} bits if it preferred none.`}
            />
            <Row
              name="probability of the top-k"
              value={formatPercent(of(logits.value.topKMass, logits.value.layers))}
              definition="Mean probability of the k most probable experts together."
            />
            <Row
              name="load-balancing loss"
              value={(logits.value.balanceLoss[logits.value.layers.indexOf(layer)]?.perAssignment ?? 0).toFixed(3)}
              definition="E · Σ f·P with f as shares of assignments: 1 for an even router. With f as shares of tokens (Hugging Face) it is k times that."
            />
            <Row
              name="z-loss"
              value={of(logits.value.zLoss, logits.value.layers).toFixed(2)}
              definition="Mean of logsumexp(router logits) squared, without a coefficient."
            />
          </>
        )}
        {weights.status === 'known' && (
          <Row
            name="largest expert weight"
            value={formatPercent(of(weights.value.largest, weights.value.layers))}
            definition={`Mean share of the largest weight in a token’s weights; at least ${formatPercent(1 / (facts.topK ?? 1))}.`}
          />
        )}
      </dl>
      {logits.status === 'unavailable' && (
        <p className={styles.note}>Losses and confidence are unknown: the trace {logits.reason}.</p>
      )}
      {weights.status === 'unavailable' && (
        <p className={styles.note}>Weights are unknown: the trace {weights.reason}.</p>
      )}
    </Panel>
  )
}

function Row({ name, value, definition }: { name: string; value: string; definition: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Figure exact={`${name}: ${value}`} definition={definition} provenance="measured here">
          {value}
        </Figure>
      </dd>
    </div>
  )
}
