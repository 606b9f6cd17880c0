import { computeAt, devices, findDevice } from '@core/bench/predicted'
import { type Cost, costOfFlops, costOfMillionTokens, publishedSites, publishedTrainings } from '@core/scaling/cost'
import type { ReactNode } from 'react'
import { Bars } from '../charts/Bars'
import { formatExact, formatPercent } from '../charts/format'
import { formatCarbon, formatEnergy, formatLarge, formatPower, inOneUnit } from '../charts/format-large'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import { Figure } from '../ui/Figure'
import { Formula } from '../ui/Formula'
import { NumberInput } from '../ui/NumberInput'
import { Panel } from '../ui/Panel'
import { Range } from '../ui/Range'
import { AmountRange } from './controls'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

const single = devices.filter((device) => device.devices === 1)

/** Energy and carbon of a training and of a million tokens, from power, utilisation, building and grid. */
export function CostOfComputing() {
  const [chosen, choose] = useScaling()
  const { utilisation, watts, pue, gramsPerKwh } = chosen
  const device = findDevice(chosen.device) ?? single[0]
  if (!device) return null
  const flopsPerSecond = computeAt(device, 'bf16')
  const flops = 6 * 10 ** chosen.parameters * 10 ** chosen.tokens
  const site = { watts, pue, gramsPerKwh }
  const training = costOfFlops(flops, { flopsPerSecond, utilisation }, site)
  const million = costOfMillionTokens(10 ** chosen.speed, 1, site)
  const places = [
    ...publishedSites.map(({ name, pue, gramsPerKwh, source }) => ({
      name,
      source,
      cost: costOfFlops(flops, { flopsPerSecond, utilisation }, { watts, pue, gramsPerKwh })
    })),
    { name: 'as set here', source: 'as set here', cost: training }
  ].sort((a, b) => a.cost.kilogramsCo2e - b.cost.kilogramsCo2e)
  const mostCarbon = Math.max(...places.map(({ cost }) => cost.kilogramsCo2e))
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong>
          <CostFigure cost={training} what="energy">
            {formatEnergy(training.kilowattHours)}
          </CostFigure>
        </strong>
        <span>
          and{' '}
          <CostFigure cost={training} what="carbon">
            <b>{formatCarbon(training.kilogramsCo2e)} CO₂e</b>
          </CostFigure>{' '}
          for training {formatLarge(10 ** chosen.parameters)} active parameters on {formatLarge(10 ** chosen.tokens)}{' '}
          tokens <small>estimate</small>
        </span>
      </p>
      <div className={styles.bar}>
        <AmountRange amount="parameters" />
        <AmountRange amount="tokens" />
        <Choice
          label="Device"
          value={device.id}
          options={single.map(({ id, name, watts }) => ({
            value: id,
            label: name,
            hint: watts === null ? '' : `${watts} W`
          }))}
          onChange={(id) => choose({ device: id, ...wattsOf(id) })}
        />
        <Range
          label="Utilisation"
          value={utilisation}
          min={0.05}
          max={1}
          step={0.05}
          write={formatPercent}
          onChange={(share) => choose({ utilisation: share })}
        />
      </div>
      <div className={styles.columns}>
        <div className={styles.side}>
          <ChartPanel
            title="The same training elsewhere"
            fileName="carbon-by-site"
            legend="estimates"
            table={() => ({
              columns: ['site', 'device_hours', 'kwh', 'kg_co2e', 'source'],
              rows: places.map(({ name, source, cost }) => [
                name,
                cost.deviceHours,
                cost.kilowattHours,
                cost.kilogramsCo2e,
                source
              ])
            })}
          >
            {(frame) => (
              <Bars
                quantity="carbon, CO₂e"
                {...frame}
                rows={places.map(({ name, source, cost }) => ({
                  name,
                  value: cost.kilogramsCo2e,
                  title: `${name}: ${formatEnergy(cost.kilowattHours)}, ${formatCarbon(cost.kilogramsCo2e)} CO2e. ${source}`,
                  colour: name === 'as set here' ? 'var(--ink)' : 'var(--mute)',
                  strong: name === 'as set here'
                }))}
                most={mostCarbon}
                format={inOneUnit('carbon', mostCarbon)}
                nameRoom={250}
                valueRoom={80}
              />
            )}
          </ChartPanel>
          <PublishedTrainings here={training} />
          <Panel title="Figure by figure">
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Estimate</th>
                  <th scope="col">Training</th>
                  <th scope="col">A million tokens at {formatLarge(10 ** chosen.speed)} tokens/s</th>
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope="row">Compute</th>
                  <td>{formatPower(flops)} FLOPs</td>
                  <td>–</td>
                </tr>
                <tr>
                  <th scope="row">Device-hours</th>
                  <td>{formatLarge(training.deviceHours)}</td>
                  <td>{formatLarge(million.deviceHours)}</td>
                </tr>
                <tr>
                  <th scope="row">Energy</th>
                  <td>{formatEnergy(training.kilowattHours)}</td>
                  <td>{formatEnergy(million.kilowattHours)}</td>
                </tr>
                <tr>
                  <th scope="row">Carbon (CO₂e)</th>
                  <td>{formatCarbon(training.kilogramsCo2e)}</td>
                  <td>{formatCarbon(million.kilogramsCo2e)}</td>
                </tr>
              </tbody>
            </table>
          </Panel>
        </div>
        <div className={styles.side}>
          <Panel title="What it rests on">
            <div className={styles.form}>
              <NumberInput
                label="Watts of a device with its share of the host"
                value={watts}
                min={1}
                max={20_000}
                onChange={(value) => choose({ watts: value })}
              />
              <Choice
                label="Site"
                value={siteOf(pue, gramsPerKwh)}
                options={[
                  ...(siteOf(pue, gramsPerKwh) === '' ? [{ value: '', label: 'a site of your own' }] : []),
                  ...publishedSites.map(({ name }) => ({ value: name, label: name }))
                ]}
                onChange={(name) => {
                  const found = publishedSites.find((each) => each.name === name)
                  if (found) choose({ pue: found.pue, gramsPerKwh: found.gramsPerKwh })
                }}
              />
              <Range
                label="PUE"
                value={pue}
                min={1}
                max={2}
                step={0.01}
                write={(value) => value.toFixed(2)}
                onChange={(value) => choose({ pue: value })}
              />
              <NumberInput
                label="Grams of CO₂e per kWh"
                value={gramsPerKwh}
                min={0}
                max={2000}
                onChange={(value) => choose({ gramsPerKwh: value })}
              />
              <AmountRange amount="speed" />
            </div>
          </Panel>
          <Panel title="Formulas and sources">
            <dl className={styles.facts}>
              <dt>FLOPs</dt>
              <dd>
                <Formula text="6 N D" />, N the active parameters (Kaplan et al. 2020, section 2.1)
              </dd>
              <dt>Hours</dt>
              <dd>
                <Formula text="FLOPs / (3600 × peak × utilisation)" />; peak {formatPower(flopsPerSecond)} FLOP/s in
                bf16: {device.source}
              </dd>
              <dt>Energy</dt>
              <dd>
                <Formula text="hours × watts × PUE" /> (Patterson et al. 2021, section 2.4)
              </dd>
              <dt>Carbon</dt>
              <dd>
                <Formula text="energy × grams per kWh" />; sites: Luccioni et al. 2022, Touvron et al. 2023, Patterson
                et al. 2021
              </dd>
              <dt>Left out</dt>
              <dd>
                Making the devices and the time they idle, which together were half of BLOOM’s footprint (Luccioni et
                al. 2022, table 3)
              </dd>
            </dl>
          </Panel>
        </div>
      </div>
    </>
  )
}

/** The training that is set beside those whose energy was published. */
function PublishedTrainings({ here }: { here: Cost }) {
  const rows = [
    ...publishedTrainings,
    { name: 'as set here', kilowattHours: here.kilowattHours, kilogramsCo2e: here.kilogramsCo2e, source: 'estimate' }
  ].sort((a, b) => a.kilowattHours - b.kilowattHours)
  const mostEnergy = Math.max(...rows.map(({ kilowattHours }) => kilowattHours))
  return (
    <ChartPanel
      title="Beside trainings whose energy was published"
      fileName="published-trainings"
      legend="published, and an estimate"
      table={() => ({
        columns: ['training', 'kwh', 'kg_co2e', 'source'],
        rows: rows.map(({ name, kilowattHours, kilogramsCo2e, source }) => [name, kilowattHours, kilogramsCo2e, source])
      })}
    >
      {(frame) => (
        <Bars
          quantity="energy"
          {...frame}
          rows={rows.map(({ name, kilowattHours, kilogramsCo2e, source }) => ({
            name,
            value: kilowattHours,
            title: `${name}: ${formatEnergy(kilowattHours)}, ${formatCarbon(kilogramsCo2e)} CO2e. ${source}`,
            colour: name === 'as set here' ? 'var(--ink)' : 'var(--mute)',
            strong: name === 'as set here'
          }))}
          most={mostEnergy}
          format={inOneUnit('energy', mostEnergy)}
          nameRoom={110}
          valueRoom={80}
        />
      )}
    </ChartPanel>
  )
}

function CostFigure({ cost, what, children }: { cost: Cost; what: 'energy' | 'carbon'; children: ReactNode }) {
  return (
    <Figure
      exact={
        what === 'energy'
          ? `${formatExact(cost.kilowattHours)} kWh in ${formatExact(cost.deviceHours)} device-hours`
          : `${formatExact(cost.kilogramsCo2e)} kg of CO2 equivalent`
      }
      definition="An estimate, as good as the power, the utilisation and the grid that are set. Only running is counted."
      provenance="predicted"
    >
      {children}
    </Figure>
  )
}

function wattsOf(id: string): { watts?: number } {
  const watts = findDevice(id)?.watts ?? null
  return watts === null ? {} : { watts }
}

/** The published site of these figures; empty for none. */
function siteOf(pue: number, gramsPerKwh: number): string {
  return publishedSites.find((each) => each.pue === pue && each.gramsPerKwh === gramsPerKwh)?.name ?? ''
}
