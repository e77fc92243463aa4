import {
  Button,
  Input,
  makeStyles,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from '@fluentui/react-components'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withChanges } from '../../../../service-model/write-configuration.ts'
import { ChangedSince } from '../form/changed-since.tsx'
import { FormPage, Section } from '../form/form-page.tsx'
import { FormRefusal } from '../form/form-refusal.tsx'
import { configuredCounts, singleInstanceRoles } from '../form/instance-counts.ts'
import { useFormPlace } from '../form/use-form-place.ts'
import { useOpened } from '../form/use-opened.ts'
import { ChangeFields } from './change-fields.tsx'
import { configurationDifferences } from './configuration-differences.ts'
import { configurationFaults } from './configuration-faults.ts'
import { DifferenceList } from './difference-list.tsx'
import { FaultList } from './fault-list.tsx'
import { NothingToConfigure } from './nothing-to-configure.tsx'
import { useChange } from './use-change.ts'

const useStyles = makeStyles({ count: { width: '7rem' } })

/** Scale: how many instances each role has. The rest of the configuration stays as it is when the change is sent. */
export function Component() {
  const { service, slot } = useFormPlace()
  return <Scale key={`${service}/${slot}`} />
}

function Scale() {
  const { t } = useTranslation('configuration')
  const { service, slot } = useFormPlace()
  const { isKnown, answer, now, changes, takeNote } = useOpened(service, slot)
  const [wanted, setWanted] = useState<ReadonlyMap<string, string>>(new Map())
  const text = useMemo(() => {
    const roles = new Map([...wanted].map(([role, instances]) => [role, { instances }]))
    return withChanges(now.configuration, { roles })
  }, [now, wanted])
  const faults = useMemo(() => configurationFaults(text), [text])
  const differences = configurationDifferences(now.configuration, text)
  const change = useChange(answer?.upgradeStatus?.upgradeType)
  if (!isKnown) return <Spinner label={t('loading', { ns: 'shell' })} />
  if (now.configuration === '') return <NothingToConfigure isEmpty={!answer} title={t('scale.title')} />
  const begin = () => change.start(text)
  const single = singleInstanceRoles([configuredCounts(text)])
  return (
    <FormPage
      title={t('scale.title')}
      service={service}
      slot={slot}
      notices={<ChangedSince changes={changes} takeNote={takeNote} />}
    >
      <Section title={t('instances')}>
        <Counts
          now={configuredCounts(now.configuration)}
          wanted={wanted}
          change={(role, count) => setWanted(new Map([...wanted, [role, count]]))}
        />
        {single.length > 0 && <Text>{t('scale.single', { roles: single.join(', '), count: single.length })}</Text>}
        <FaultList faults={{ errors: faults.errors, warnings: [] }} />
      </Section>
      <Section title={t('changes')}>
        <DifferenceList differences={differences} />
        <ChangeFields of={change} />
        <div aria-live="assertive">
          {change.error && <FormRefusal error={change.error} service={service} slot={slot} again={begin} />}
        </div>
        <div>
          <Button
            appearance="primary"
            disabled={
              differences.length === 0 || faults.errors.length > 0 || change.mode === undefined || change.isSending
            }
            onClick={begin}
          >
            {t('scale.start')}
          </Button>
        </div>
      </Section>
    </FormPage>
  )
}

function Counts(props: {
  readonly now: ReadonlyMap<string, number>
  readonly wanted: ReadonlyMap<string, string>
  readonly change: (role: string, count: string) => void
}) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const { now, wanted, change } = props
  return (
    <Table aria-label={t('instances')}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t('scale.role')}</TableHeaderCell>
          <TableHeaderCell>{t('scale.now')}</TableHeaderCell>
          <TableHeaderCell>{t('scale.wanted')}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {[...now].map(([role, count]) => (
          <TableRow key={role}>
            <TableCell>{role}</TableCell>
            <TableCell>{count}</TableCell>
            <TableCell>
              <Input
                className={styles.count}
                type="number"
                min={1}
                aria-label={t('scale.wantedOf', { role })}
                value={wanted.get(role) ?? String(count)}
                onChange={(_, { value }) => change(role, value)}
              />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
