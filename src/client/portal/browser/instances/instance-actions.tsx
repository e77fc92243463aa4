import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Restart } from '../../../service-management/service-management.ts'
import { useManagement } from '../connection/connection.tsx'
import { servicePath } from '../form/slot.ts'
import { Confirmation } from '../operations/confirmation.tsx'
import { drives, fates } from './restarts.ts'
import type { InstancePlace } from './use-log.ts'

export type Action = Restart | 'delete'
export const actions: readonly Action[] = ['reboot', 'reimage', 'rebuild', 'delete']

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

interface Wanted {
  readonly place: InstancePlace
  /** Whether its role has no other instance. */
  readonly isOnly: boolean
}

/** What can be done with an instance, each asked for again with what is lost by it. */
export function InstanceActions({ place, isOnly }: Wanted) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const [asked, setAsked] = useState<Action>()
  const restoreFocus = useRestoreFocusTarget()
  const close = useCallback(() => setAsked(undefined), [])
  return (
    <div className={styles.actions}>
      {actions.map((action) => (
        <Button key={action} {...restoreFocus} onClick={() => setAsked(action)}>
          {t(`action.${action}.button`)}
        </Button>
      ))}
      {asked && <ActionDialog asked={asked} place={place} isOnly={isOnly} onClose={close} />}
    </div>
  )
}

/** Asks before an action, with what is lost by it. */
export function ActionDialog({ asked, ...rest }: Wanted & { readonly asked: Action; onClose(): void }) {
  return asked === 'delete' ? <DeleteDialog {...rest} /> : <RestartDialog how={asked} {...rest} />
}

function RestartDialog({ how, place, isOnly, onClose }: Wanted & { readonly how: Restart; onClose(): void }) {
  const { t } = useTranslation('instances')
  const management = useManagement()
  const { service, slot, instance } = place
  return (
    <Confirmation
      title={t(`action.${how}.title`, { instance })}
      button={t(`action.${how}.confirm`)}
      request={{
        title: t(`action.${how}.title`, { instance }),
        send: () => management.restartInstance(how, service, slot, instance),
      }}
      onClose={onClose}
    >
      <Text>{t(`action.${how}.about`)}</Text>
      <Drives how={how} />
      <Text>{t('action.cleaned')}</Text>
      {isOnly && <OnlyOne />}
    </Confirmation>
  )
}

function Drives({ how }: { readonly how: Restart }) {
  const { t } = useTranslation('instances')
  return (
    <Table size="small" aria-label={t('drive.table')}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t('drive.drive')}</TableHeaderCell>
          <TableHeaderCell>{t('drive.fate')}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {drives.map((drive) => (
          <TableRow key={drive}>
            <TableCell>{t(`drive.${drive}`)}</TableCell>
            <TableCell>{t(`drive.${fates[how][drive]}`)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function DeleteDialog({ place, isOnly, onClose }: Wanted & { onClose(): void }) {
  const { t } = useTranslation('instances')
  const management = useManagement()
  const navigate = useNavigate()
  const { service, slot, instance } = place
  return (
    <Confirmation
      title={t('action.delete.title', { instance })}
      button={t('action.delete.confirm')}
      request={{
        title: t('action.delete.title', { instance }),
        send: () => management.deleteInstances(service, slot, [instance]),
      }}
      onAccepted={({ ended }) => void ended.then((isGone) => isGone && navigate(servicePath(service)))}
      onClose={onClose}
    >
      <Text>{t('action.delete.about')}</Text>
      {isOnly && <OnlyOne />}
    </Confirmation>
  )
}

function OnlyOne() {
  const { t } = useTranslation('instances')
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{t('action.onlyOne')}</MessageBarBody>
    </MessageBar>
  )
}
