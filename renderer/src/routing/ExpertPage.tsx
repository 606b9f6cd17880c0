import { messageOf } from '@core/reason'
import type { ExpertPortrait, PortraitToken } from '@core/routing/statistics/expert-portrait'
import { isUnavailable, type Unavailable } from '@core/routing/statistics/statistic'
import { useEffect, useState } from 'react'
import { Bars } from '../charts/Bars'
import { expertColour } from '../charts/expert-colour'
import { formatExact, formatPercent, formatRatio, visible } from '../charts/format'
import { useApp } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import styles from './ExpertPage.module.css'
import { chosenPart } from './inspector'
import pages from './pages.module.css'
import { layerName, useInspected } from './use-inspected'

/** One expert: its tokens in context, its domains, its partners. */
export function ExpertPage() {
  const { facts } = useInspected()
  const { portrait, failure } = usePortrait()
  if (facts.kind === 'counts')
    return <p className={pages.note}>This file counts experts, and tells nothing of tokens.</p>
  if (failure !== undefined) return <p className={pages.note}>{failure}</p>
  if (!portrait) return <p className={pages.note}>Looking through its tokens …</p>
  return <Portrait portrait={portrait} />
}

function usePortrait() {
  const { inspector } = useApp()
  const { trace, facts, inspection, layer, expert } = useInspected()
  const [found, setFound] = useState<{ portrait?: ExpertPortrait; failure?: string }>({})
  const part = JSON.stringify({ ...chosenPart(inspection, facts), expert: undefined })
  useEffect(() => {
    if (facts.kind === 'counts') return
    let current = true
    inspector.api
      .portrait(trace.id, { layer, expert }, JSON.parse(part))
      .then((portrait) => current && setFound({ portrait }))
      .catch((error: unknown) => current && setFound({ failure: messageOf(error) }))
    return () => {
      current = false
    }
  }, [inspector, trace.id, facts.kind, layer, expert, part])
  return found
}

function Portrait({ portrait }: { portrait: ExpertPortrait }) {
  const { facts } = useInspected()
  const { layer, expert, sent, tokens, load, baselines, sentFirst, meanWeight, ids } = portrait
  const [best] = isUnavailable(ids)
    ? []
    : [...ids].sort((a, b) => b.ofId * Math.log(b.tokens + 1) - a.ofId * Math.log(a.tokens + 1))
  return (
    <>
      <p className={pages.answer}>
        Expert {expert} of {layerName(facts, layer)} gets{' '}
        <Figure
          exact={`${formatExact(sent)} of ${formatExact(tokens)} tokens, ${(100 * load).toFixed(3)} % of the layer’s choices`}
          definition="Tokens that it was any choice of. The load is its share of all choices of the layer."
          provenance="measured here"
        >
          <strong>{formatPercent(sent / Math.max(1, tokens))}</strong>
        </Figure>{' '}
        of the tokens, {formatRatio(sent / Math.max(1, tokens) / baselines.ofTokens)} random
        {best && (
          <>
            ; it takes {formatPercent(best.ofId)} of all <code>{visible(best.text ?? `id ${best.id}`)}</code>
          </>
        )}
        .
      </p>
      <p className={pages.note}>
        First choice of {formatExact(sentFirst)} tokens
        {!isUnavailable(meanWeight) && ` · mean weight ${meanWeight.toFixed(3)}`}
      </p>
      <div className={pages.pair}>
        <IdsPanel portrait={portrait} />
        <DomainBars portrait={portrait} />
        <ContextPanel title="Its tokens with the largest weights" tokens={portrait.top} />
        <ContextPanel title="Some of its tokens, drawn at random" tokens={portrait.sample} />
        <PartnerBars portrait={portrait} />
      </div>
    </>
  )
}

function IdsPanel({ portrait: { ids, baselines, layer, expert } }: { portrait: ExpertPortrait }) {
  if (isUnavailable(ids)) return <Missing title="Its most frequent tokens" reason={ids} />
  const shown = ids.slice(0, 14)
  return (
    <ChartPanel
      title="Its most frequent tokens"
      fileName={`expert-${layer}-${expert}-tokens`}
      table={() => ({
        columns: ['token_id', 'token', 'tokens', 'share_of_expert', 'share_of_token'],
        rows: ids.map(({ id, text, tokens, share, ofId }) => [id, text ?? null, tokens, share, ofId])
      })}
    >
      {(frame) => (
        <Bars
          quantity="share of that token that comes here"
          {...frame}
          rows={shown.map(({ id, text, tokens, share, ofId }) => ({
            name: visible(text ?? `id ${id}`),
            value: ofId,
            title: `${visible(text ?? `id ${id}`)}: ${formatExact(tokens)} tokens, ${formatPercent(share)} of the expert’s; ${formatPercent(ofId)} of all such tokens come here`
          }))}
          most={1}
          reference={baselines.ofTokens}
          referenceName="random"
          format={formatPercent}
          mono
        />
      )}
    </ChartPanel>
  )
}

function DomainBars({ portrait: { domains, baselines, layer, expert } }: { portrait: ExpertPortrait }) {
  if (isUnavailable(domains)) return <Missing title="Its domains" reason={domains} />
  const rows = domains.filter(({ ofDomain }) => !Number.isNaN(ofDomain))
  return (
    <ChartPanel
      title="Its domains"
      fileName={`expert-${layer}-${expert}-domains`}
      table={() => ({
        columns: ['domain', 'tokens', 'share_of_expert', 'share_of_domain'],
        rows: domains.map(({ domain, tokens, share, ofDomain }) => [domain, tokens, share, ofDomain])
      })}
    >
      {(frame) => (
        <Bars
          quantity="share of the domain’s tokens that come here"
          {...frame}
          rows={rows.map(({ domain, tokens, share, ofDomain }) => ({
            name: domain,
            value: ofDomain,
            title: `${domain}: ${formatPercent(ofDomain)} of its tokens come here (${formatExact(tokens)}), ${formatPercent(share)} of the expert’s tokens`
          }))}
          most={Math.max(...rows.map(({ ofDomain }) => ofDomain), baselines.ofTokens * 1.5)}
          reference={baselines.ofTokens}
          referenceName="random"
          format={formatPercent}
        />
      )}
    </ChartPanel>
  )
}

function PartnerBars({ portrait: { partners, baselines, layer, expert } }: { portrait: ExpertPortrait }) {
  const { facts, inspect } = useInspected()
  if (partners.length === 0) return null
  const shown = partners.slice(0, 14)
  return (
    <ChartPanel
      title="Its partners"
      fileName={`expert-${layer}-${expert}-partners`}
      table={() => ({
        columns: ['expert', 'tokens', 'share'],
        rows: partners.map(({ expert: other, tokens, share }) => [other, tokens, share])
      })}
    >
      {(frame) => (
        <Bars
          quantity="share of its tokens that also go there"
          {...frame}
          rows={shown.map(({ expert: other, tokens, share }) => ({
            name: `expert ${other}`,
            value: share,
            colour: expertColour(other, facts.experts, frame.theme),
            title: `expert ${other}: ${formatExact(tokens)} tokens, ${formatPercent(share)}; at random ${formatPercent(baselines.partner)}`,
            onSelect: () => inspect({ expert: other })
          }))}
          most={Math.max(...shown.map(({ share }) => share), baselines.partner * 1.5)}
          reference={baselines.partner}
          referenceName="random"
          format={formatPercent}
        />
      )}
    </ChartPanel>
  )
}

function ContextPanel({ title, tokens }: { title: string; tokens: readonly PortraitToken[] | Unavailable }) {
  const { inspect } = useInspected()
  if (isUnavailable(tokens)) return <Missing title={title} reason={tokens} />
  return (
    <Panel title={title}>
      <ol className={styles.contexts}>
        {tokens.map(({ token, before, text, after, weight, domain }) => (
          <li key={token}>
            <button type="button" title={`token ${token}`} onClick={() => inspect({ page: 'tokens', token })}>
              <span className={styles.before}>{visible(before.join(''))}</span>
              <mark>{visible(text)}</mark>
              <span className={styles.after}>{visible(after.join(''))}</span>
            </button>
            <small>
              {weight !== undefined && weight.toFixed(2)} {domain}
            </small>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Missing({ title, reason }: { title: string; reason: Unavailable }) {
  return (
    <Panel title={title}>
      <p className={pages.note}>Unknown: the trace {reason.unavailable}.</p>
    </Panel>
  )
}
