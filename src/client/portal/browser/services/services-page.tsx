import {
  Button,
  makeStyles,
  Spinner,
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
import { AddRegular, DeleteRegular } from '@fluentui/react-icons'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../service-management/answers.ts'
import { useServices } from '../connection/live.ts'
import { servicePath } from '../form/slot.ts'
import { narrow } from '../shell/navigation.tsx'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { useTime } from '../shell/time.ts'
import { SlotGlances } from './slot-glances.tsx'

// Dialogs are not needed at first.
const CreateService = lazy(async () => ({ default: (await import('./create-service.tsx')).CreateService }))
const DeleteService = lazy(async () => ({ default: (await import('./delete-service.tsx')).DeleteService }))

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  title: { flexGrow: 1 },
  scroller: { overflowX: 'auto' },
  table: { minWidth: '44rem', [narrow]: { minWidth: 0 } },
  // It stands on the service's own page too.
  wideOnly: { [narrow]: { display: 'none' } },
  actions: { width: '6rem', [narrow]: { width: '3.5rem', fontSize: 0 } },
})

/** All cloud services of the subscription. */
export function ServicesPage() {
  const styles = useStyles()
  const { t } = useTranslation('services')
  const { value: services, isKnown } = useServices()
  const restoreFocus = useRestoreFocusTarget()
  const [isCreating, setIsCreating] = useState(false)
  return (
    <>
      <div className={styles.head}>
        <PageTitle className={styles.title}>{t('title')}</PageTitle>
        <Button {...restoreFocus} appearance="primary" icon={<AddRegular />} onClick={() => setIsCreating(true)}>
          {t('create.open')}
        </Button>
      </div>
      <Suspense>{isCreating && <CreateService onClose={() => setIsCreating(false)} />}</Suspense>
      {!isKnown && <Spinner label={t('loading', { ns: 'shell' })} />}
      {services?.length === 0 && <Text>{t('none')}</Text>}
      {services && services.length > 0 && <ServicesTable services={services} />}
    </>
  )
}

function ServicesTable({ services }: { readonly services: readonly Service[] }) {
  const styles = useStyles()
  const { t } = useTranslation('services')
  const [deleted, setDeleted] = useState<string>()
  return (
    <div className={styles.scroller} role="region" aria-label={t('title')} tabIndex={0}>
      <Table className={styles.table} aria-label={t('title')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('name')}</TableHeaderCell>
            <TableHeaderCell>{t('production')}</TableHeaderCell>
            <TableHeaderCell>{t('staging')}</TableHeaderCell>
            <TableHeaderCell className={styles.wideOnly}>{t('location')}</TableHeaderCell>
            <TableHeaderCell className={styles.wideOnly}>{t('created')}</TableHeaderCell>
            <TableHeaderCell className={styles.actions}>{t('actions')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {services.map((service) => (
            <ServiceRow key={service.name} service={service} onDelete={() => setDeleted(service.name)} />
          ))}
        </TableBody>
      </Table>
      <Suspense>
        {deleted !== undefined && <DeleteService service={deleted} onClose={() => setDeleted(undefined)} />}
      </Suspense>
    </div>
  )
}

function ServiceRow({ service, onDelete }: { readonly service: Service; readonly onDelete: () => void }) {
  const styles = useStyles()
  const { t } = useTranslation('services')
  const time = useTime()
  const restoreFocus = useRestoreFocusTarget()
  const { name, label, location, created } = service
  return (
    <TableRow>
      <TableCell>
        <PlaceLink to={servicePath(name)}>{name}</PlaceLink>
        {label !== name && <div>{label}</div>}
      </TableCell>
      <SlotGlances service={name} />
      <TableCell className={styles.wideOnly}>{location}</TableCell>
      <TableCell className={styles.wideOnly}>{time(created)}</TableCell>
      <TableCell>
        <Button
          {...restoreFocus}
          appearance="subtle"
          icon={<DeleteRegular />}
          aria-label={t('remove.open', { service: name })}
          onClick={onDelete}
        />
      </TableCell>
    </TableRow>
  )
}
