/** The same reads the usual way: Nest on Fastify, and repositories of TypeORM that make entities. */
import 'reflect-metadata';
import { Controller, Get, Module, Param, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createDataSource } from '../../dist/src/platform/database/data-source.js';
import { Post } from '../../dist/src/posts/post.entity.js';

const dataSource = await (await createDataSource()).initialize();
const posts = dataSource.getRepository(Post);

class PostsController {
  read(username, id) {
    return posts.findOne({
      select: {
        id: true,
        title: true,
        text: true,
        media_url: true,
        created_by_user_id: true,
        created_at: true,
        updated_at: true,
      },
      where: { id: Number(id), is_deleted: false, creator: { username, is_deleted: false } },
    });
  }

  async list(page = '1') {
    const [data, total_count] = await posts.findAndCount({
      select: { creator: { id: true, name: true, username: true, profile_image_url: true } },
      relations: { creator: true },
      where: { is_deleted: false, creator: { is_deleted: false } },
      order: { id: 'DESC' },
      take: 10,
      skip: (Number(page) - 1) * 10,
    });
    return { data, total_count, page: Number(page), items_per_page: 10 };
  }
}
Controller('api/v1')(PostsController);
route('read', Get('users/:username/posts/:post_id'), [Param('username'), Param('post_id')]);
route('list', Get('posts'), [Query('page')]);

class AppModule {}
Module({ controllers: [PostsController] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');
process.send({ listening: await app.getUrl() });
process.once('disconnect', () => process.exit());

/** Decorators, without a compiler. */
function route(name, method, parameters) {
  const { prototype } = PostsController;
  parameters.forEach((parameter, index) => parameter(prototype, name, index));
  method(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}
