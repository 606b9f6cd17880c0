import { useMemo } from 'react'
import { useApp, useAppState } from '../state/app'
import { type ArchitectureChoices, openedId } from './choices'
import { gallerySubjects, openedSubject, type Subject, type Unreadable } from './subjects'
import { useGallery } from './use-gallery'

/** The view's choices, and a function that changes them. */
export function useArchitectures(): readonly [
  chosen: ArchitectureChoices,
  choose: (changes: Partial<ArchitectureChoices>) => void
] {
  const { store, choose } = useApp()
  const chosen = useAppState(({ choices }) => choices.architectures)
  return [chosen, (changes) => choose({ architectures: { ...store.getState().choices.architectures, ...changes } })]
}

/** The models of the gallery and the opened one. */
export interface Subjects {
  /** The opened config.json first, where it can be read. */
  readonly all: readonly Subject[]
  /** Reason for which the opened config.json is not among them. */
  readonly unreadable: Unreadable | undefined
}

/** Every model that can be looked at; undefined while they are read, in words what went wrong. */
export function useSubjects(): Subjects | string | undefined {
  const gallery = useGallery()
  const opened = useAppState(({ choices }) => choices.architectures.opened)
  const shipped = useMemo(
    () => (gallery === undefined || typeof gallery === 'string' ? gallery : gallerySubjects(gallery)),
    [gallery]
  )
  const own = useMemo(() => (opened ? openedSubject(opened) : undefined), [opened])
  return useMemo(() => {
    if (shipped === undefined || typeof shipped === 'string') return shipped
    const readable = own && 'count' in own ? [own] : []
    return { all: [...readable, ...shipped], unreadable: own && 'message' in own ? own : undefined }
  }, [shipped, own])
}

/** The chosen model among all; undefined when it is none of them. */
export function chosenSubject({ all }: Subjects, { model }: ArchitectureChoices): Subject | undefined {
  return all.find(({ id }) => id === model) ?? (model === openedId ? undefined : all[0])
}
