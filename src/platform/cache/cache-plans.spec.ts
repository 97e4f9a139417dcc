import { Controller, Delete, Get, Post, Query, type Type, UseGuards } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { Public, Superuser } from '../http/access/access.js';
import { CachePlans } from './cache-plans.js';
import { Cached, Invalidates } from './cached.js';
import { CACHED, type CachedOptions } from './key-template.js';

/** What the application does with its controllers when it starts. */
function plansOf(...controllers: Type[]): CachePlans {
  const discovery = { getControllers: () => controllers.map((metatype) => ({ metatype })), getProviders: () => [] };
  const plans = new CachePlans(discovery as unknown as DiscoveryService);
  plans.onModuleInit();
  return plans;
}

const optionsOf = (handler: object) => Reflect.getMetadata(CACHED, handler) as CachedOptions;

class NotesQuery {}

@Controller('users/:username/notes')
class NotesController {
  @Get()
  @Public()
  @Cached({ key: 'notes:{username}', under: ['user:{username}', 'any_notes'], ttl: 600 })
  list(@Query() query: NotesQuery): object {
    return query;
  }

  @Get(':note_id')
  @Public()
  @Cached({ key: 'note:{note_id}', ttl: 60 })
  read(): object {
    return {};
  }

  @Delete(':note_id')
  @Invalidates('note:{note_id}', 'notes:{username}')
  erase(): void {}
}

test('keys are filled with the path parameters of controller and route', () => {
  const { list, read, erase } = NotesController.prototype as unknown as Record<string, object>;
  const plans = plansOf(NotesController);
  const params = { username: 'ada', note_id: '7' };
  expect(plans.read(optionsOf(list!))).toMatchObject({ name: 'NotesController.list', query: NotesQuery, ttl: 600 });
  expect(plans.read(optionsOf(list!)).keysOf(params)).toEqual(['notes:ada', 'user:ada', 'any_notes']);
  expect(plans.read(optionsOf(read!))).toMatchObject({ name: 'NotesController.read', query: undefined, ttl: 60 });
  expect(plans.read(optionsOf(read!)).keysOf(params)).toEqual(['note:7']);
  expect(plans.write(erase)(params)).toEqual(['note:7', 'notes:ada']);
});

@Controller('notes')
class WrongKey {
  @Get(':note_id')
  @Public()
  @Cached({ key: 'note:{id}', ttl: 60 })
  read(): void {}
}

@Controller('notes')
class WrongUnder {
  @Get(':note_id')
  @Public()
  @Cached({ key: 'note:{note_id}', under: ['user:{username}'], ttl: 60 })
  read(): void {}
}

@Controller('notes')
class WrongInvalidates {
  @Delete(':note_id')
  @Invalidates('notes', 'note:{note}')
  delete(): void {}
}

test.each([
  [WrongKey, 'WrongKey.read has no path parameter id'],
  [WrongUnder, 'WrongUnder.read has no path parameter username'],
  [WrongInvalidates, 'WrongInvalidates.delete has no path parameter note'],
])('a placeholder that is no path parameter stops the start: %p', (controller, message) => {
  expect(() => plansOf(NotesController, controller)).toThrow(message);
});

@Controller('notes')
class Personal {
  @Get()
  @Cached({ key: 'notes', ttl: 60 })
  list(): void {}
}

@Controller('notes')
@Superuser()
class ForSuperusers {
  @Get()
  @Cached({ key: 'notes', ttl: 60 })
  list(): void {}
}

@Controller('notes')
class Writing {
  @Post()
  @Public()
  @Cached({ key: 'notes', ttl: 60 })
  create(): void {}
}

test.each([Personal, ForSuperusers, Writing])('only a public GET can be cached: %p stops the start', (controller) => {
  expect(() => plansOf(controller)).toThrow('only a public GET can be');
});

@Controller('notes')
class SingleParameter {
  @Get()
  @Public()
  @Cached({ key: 'notes', ttl: 60 })
  list(@Query('page') page: string): object {
    return { page };
  }
}

@Controller('notes')
class WithoutClass {
  @Get()
  @Public()
  @Cached({ key: 'notes', ttl: 60 })
  list(@Query() query: object): object {
    return query;
  }
}

test.each([SingleParameter, WithoutClass])('a cached route takes its query as one class: %p', (controller) => {
  expect(() => plansOf(controller)).toThrow(
    `${controller.name}.list is cached, but does not take its query as one class`,
  );
});

@Controller('notes')
class Guarded {
  @Get()
  @Public()
  @UseGuards(class {})
  @Cached({ key: 'notes', ttl: 60 })
  list(): void {}
}

test('a route with guards of its own can’t be cached', () => {
  expect(() => plansOf(Guarded)).toThrow('Guarded.list is cached, but has guards');
});
