import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { NumberedPage } from '../../../src/platform/database/crud/pages.js';
import { Superuser } from '../../../src/platform/http/access/access.js';
import { IfMatch, type Precondition } from '../../../src/platform/http/caching/preconditions.js';
import { PageOf, PageQuery } from '../../../src/platform/http/lists/pagination.js';
import { IdOr } from '../../../src/platform/http/requests/path-ids.js';
import { Responds } from '../../../src/platform/http/responses/response-docs.js';
import { LabCategoriesService } from './categories.service.js';
import { Named, NamedRead } from './products.dto.js';
import { LabCategoryInUse, LabCategoryNotFound, NameTaken } from './products.errors.js';

@ApiTags('lab')
@Controller('lab')
export class LabCategoriesController {
  constructor(private readonly categories: LabCategoriesService) {}

  @Post('categories')
  @Responds({
    operation: 'createCategory',
    summary: 'Create a category',
    status: 201,
    type: NamedRead,
    problems: [NameTaken],
  })
  create(@Body() body: Named): Promise<NamedRead> {
    return this.categories.create(body);
  }

  @Post('tags')
  @Responds({ operation: 'createTag', summary: 'Create a tag', status: 201, type: NamedRead, problems: [NameTaken] })
  createTag(@Body() body: Named): Promise<NamedRead> {
    return this.categories.createTag(body);
  }

  @Get('categories')
  @Responds({ operation: 'listCategories', summary: 'List categories', type: PageOf(NamedRead) })
  list(@Query() query: PageQuery): Promise<NumberedPage<NamedRead>> {
    return this.categories.list(query);
  }

  @Delete('categories/:category_id')
  @Superuser()
  @Responds({
    operation: 'deleteCategory',
    summary: 'Delete a category',
    status: 204,
    problems: [LabCategoryNotFound, LabCategoryInUse],
  })
  delete(
    @Param('category_id', new IdOr(LabCategoryNotFound)) id: number,
    @IfMatch() ifMatch?: Precondition,
  ): Promise<void> {
    return this.categories.delete(id, ifMatch);
  }
}
