// Every scene by name. To add one, write a function of a sheet in a file of this folder: it is found here.
import type { Sheet } from '../sheet.ts'
import * as charts from './charts.ts'
import * as fight from './fight.ts'
import * as home from './home.ts'
import * as posters from './posters.ts'
import * as town from './town.ts'

export type Scene = (sheet: Sheet) => void

const { loaf: _loaf, ...homeScenes } = home

export const scenes: Record<string, Scene> = { ...homeScenes, ...town, ...fight }
export const posterScenes: Record<string, Scene> = { ...posters }
export const chartScenes: Record<string, Scene> = { ...charts }
